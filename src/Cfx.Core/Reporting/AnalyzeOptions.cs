namespace Cfx.Core.Reporting;

/// <summary>What the analysis is made from.</summary>
public sealed record AnalyzeOptions
{
    /// <summary>The study's name, for the report's title.</summary>
    public required string StudyName { get; init; }

    /// <summary>One evaluation file for each planned comparison, in the order of the report; at least one.</summary>
    public required IReadOnlyList<string> EvaluationPaths { get; init; }

    /// <summary>Where analysis.json goes.</summary>
    public required string AnalysisPath { get; init; }

    /// <summary>Where report.md goes.</summary>
    public required string ReportPath { get; init; }

    /// <summary>Where report.html goes; null for none.</summary>
    public string? HtmlReportPath { get; init; }

    /// <summary>Where comparisons.csv goes; null for none.</summary>
    public string? ComparisonsPath { get; init; }

    /// <summary>The records of the arms' training jobs, for their curves; one that is not there is passed over.</summary>
    public IReadOnlyList<string> JobPaths { get; init; } = [];

    /// <summary>Folders whose manifests tell what each stage took and read.</summary>
    public IReadOnlyList<string> ManifestFolders { get; init; } = [];

    /// <summary>Where all resampling starts from: the study's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Resamples behind each bootstrap interval; 0 for none of these intervals.</summary>
    public int BootstrapReplicates { get; init; } = Statistics.ClusterBootstrap.DefaultReplicates;

    /// <summary>How far from one half a win rate still counts as equal; null when equality is not asked about.</summary>
    public double? EquivalenceMargin { get; init; }

    /// <summary>The pairs that each comparison was planned with; null when nobody said. What an evaluation file says goes before it.</summary>
    public long? PlannedPairs { get; init; }

    /// <summary>Each method's conversations, for counting what became of them. One that is not there is passed over.</summary>
    public IReadOnlyList<(string Method, string Path)> ProcessedPaths { get; init; } = [];

    /// <summary>How the artifacts were made (<see cref="RunRecord"/>): copied into the analysis as it is; null for nothing.</summary>
    public System.Text.Json.Nodes.JsonObject? Run { get; init; }

    /// <summary>The arm that was not trained; the others are compared with it, not it with them.</summary>
    public string BaseArm { get; init; } = "base";

    /// <summary>Further arms that were not trained, of other base models.</summary>
    public IReadOnlyList<string> OtherBaseArms { get; init; } = [];

    /// <summary>The arms that were trained more than once, each with the name that it shares with its replicates.</summary>
    public IReadOnlyDictionary<string, string> ReplicateGroups { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Sentences about how the arms were made that a reader must know.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The overlap check's leakage.json; null where there is none, as outside a study.</summary>
    public string? LeakagePath { get; init; }

    /// <summary>The history of the test's planned size, planned.json; null where there is none, as outside a study.</summary>
    public string? PlannedTestPath { get; init; }

    /// <summary>Where the study's audit.json is, or would be: a file that is not there is an audit that was not made. Null outside a study.</summary>
    public string? AuditPath { get; init; }

    /// <summary>Where the study's blind.json is, or would be. Null outside a study.</summary>
    public string? HumanPath { get; init; }

    /// <summary>What an audit of this study is made of; null when not told.</summary>
    public Auditing.AuditSource? AuditSource { get; init; }

    /// <summary>Whether to conclude although more of the test was seen in training than a study allows.</summary>
    public bool AllowOverlap { get; init; }

    /// <summary>JSON files of counts from the stages before (filter.json, split.json, prepare.json), by the stage's name. One that is not
    /// there is passed over.</summary>
    public IReadOnlyList<(string Stage, string Path)> FlowPaths { get; init; } = [];
}
