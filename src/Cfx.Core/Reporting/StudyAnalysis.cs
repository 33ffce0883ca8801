using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>All that a report says.</summary>
/// <param name="StudyName">The study.</param>
/// <param name="IsSandbox">True when any of the generator, the arms or the judge was the sandbox's, in any comparison.</param>
/// <param name="Providers">Who served the models, each once.</param>
/// <param name="Comparisons">In planned order.</param>
/// <param name="Flow">Counts of the stages before.</param>
/// <param name="Warnings">What concerns the whole study.</param>
public sealed record StudyAnalysis(
    string StudyName,
    bool IsSandbox,
    IReadOnlyList<string> Providers,
    IReadOnlyList<ComparisonResult> Comparisons,
    IReadOnlyList<FlowCounts> Flow,
    IReadOnlyList<string> Warnings)
{
    /// <summary>The version of analysis.json's layout.</summary>
    public const int SchemaVersion = 3;

    /// <summary>What a sandbox run's report begins with.</summary>
    public const string SandboxNotice =
        "These are the sandbox's models: the numbers show that the pipeline works, not which method wins.";

    /// <summary>How much results vary over trainings of the same arm; none where no arm was trained twice.</summary>
    public IReadOnlyList<ReplicateSpread> Replicates { get; init; } = [];

    /// <summary>Null without a complete pair.</summary>
    public StudyRatings? Ratings { get; init; }

    /// <summary>Two arms against the same third, within contexts.</summary>
    public IReadOnlyList<PairedContrast> Paired { get; init; } = [];

    /// <summary>What became of the records.</summary>
    public FlowTable FlowTable { get; init; } = new([]);

    /// <summary>Where the run was not what was planned.</summary>
    public IReadOnlyList<string> Deviations { get; init; } = [];

    /// <summary>What all resampling started from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Resamples asked for; 0 when the bootstrap was off.</summary>
    public int BootstrapReplicates { get; init; }

    /// <summary>Null when equality was not asked about.</summary>
    public double? EquivalenceMargin { get; init; }

    /// <summary>Which test contexts were seen in training; null where nobody looked.</summary>
    public Auditing.LeakageReport? Leakage { get; init; }

    /// <summary>The comparisons with the overlapping contexts left in; empty where there are none.</summary>
    public IReadOnlyList<(string Model1, string Model2, ComparisonStatistics Statistics)> WithOverlap { get; init; } = [];

    /// <summary>Whether the analysis is a study's, whose judge can be held against users and people.</summary>
    public bool IsOfStudy { get; init; }

    /// <summary>The judge against the users' own feedback; null where nobody looked.</summary>
    public Auditing.AuditFindings? Audit { get; init; }

    /// <summary>The judge against people; null where no verdicts of people were read.</summary>
    public Auditing.HumanFindings? Human { get; init; }

    /// <summary>The arms that were not trained: they stand second.</summary>
    public IReadOnlySet<string> Bases { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>How the artifacts were made; null when not told.</summary>
    public JsonObject? Run { get; init; }

    /// <summary>The hash of the split that the test contexts are from; null when the comparisons do not tell, or not the same.</summary>
    public string? SplitHash => Comparisons.Select(c => Conversations.RecordFields.Text(c.Metadata, "split_hash")).Distinct(StringComparer.Ordinal).ToList() is [var one] ? one : null;

    public JsonObject ToJson()
    {
        var flow = new JsonObject();
        foreach (var stage in Flow)
        {
            flow[stage.Stage] = stage.Counts.DeepClone();
        }

        var json = new JsonObject
        {
            ["schema_version"] = SchemaVersion,
            ["study"] = StudyName,
            ["sandbox"] = IsSandbox,
            ["notice"] = IsSandbox ? SandboxNotice : null,
            ["providers"] = JsonFigures.Texts(Providers),
            ["plan"] = new JsonObject
            {
                ["comparisons"] = Comparisons.Count,
                ["alpha"] = ComparisonResult.Alpha,
                ["confidence"] = ComparisonStatistics.Confidence,
                ["unit"] = "one pair a conversation and comparison, both orders combined",
                ["effect"] = "h = (wins + ties/2) / n, pairs combined over both orders",
                ["test"] = "exact two-sided sign test on wins and losses",
                ["multiplicity"] = "holm",
                ["equivalence_margin"] = EquivalenceMargin,
            },
            ["seed"] = Seed,
            ["B"] = BootstrapReplicates,
            ["split_hash"] = SplitHash,
            ["comparisons"] = new JsonArray([.. Comparisons.Select(c => c.ToJson())]),
            ["davidson"] = Ratings?.ToJson(),
            ["paired_differences"] = new JsonArray([.. Paired.Select(p => p.ToJson())]),
            ["flow"] = flow,
            ["flow_table"] = FlowTable.ToJson(),
            ["deviations"] = JsonFigures.Texts(Deviations),
            ["warnings"] = JsonFigures.Texts(Warnings),
            ["methods"] = MethodsParagraph.Of(this),
        };
        if (Replicates.Count > 0)
        {
            json["replicates"] = new JsonArray([.. Replicates.Select(r => (JsonNode)r.ToJson())]);
        }

        if (IsOfStudy)
        {
            json["audit"] = Audit?.ToJson();
            json["human"] = Human?.ToJson(Bases);
        }

        if (Leakage is not null)
        {
            json["leakage"] = LeakageJson(Leakage);
        }

        json["run"] = Run?.DeepClone();
        return json;
    }

    private JsonObject LeakageJson(Auditing.LeakageReport leakage) => new()
    {
        ["test_contexts"] = leakage.TestContexts,
        ["overlapping"] = leakage.Overlapping.Count,
        ["share"] = leakage.TestContexts == 0 ? null : leakage.Share,
        ["allowed"] = leakage.IsExcessive,
        ["near_duplicates"] = leakage.NearDuplicates,
        ["near_duplicate_pairs"] = new JsonArray([.. leakage.NearPairs.Select(p => (JsonNode)p.ToJson())]),
        ["left_out"] = JsonFigures.Texts([.. leakage.Overlapping.Order(StringComparer.Ordinal)]),
        ["with_overlap"] = new JsonArray([.. WithOverlap.Select(w => (JsonNode)new JsonObject
        {
            ["model1"] = w.Model1,
            ["model2"] = w.Model2,
            ["n"] = w.Statistics.N,
            ["h"] = w.Statistics.HalfCredit.H,
            ["ci95"] = new JsonArray(w.Statistics.HalfCredit.Interval.Lower, w.Statistics.HalfCredit.Interval.Upper),
            ["primary_p"] = Comparisons.Any(c => c.Model1 == w.Model1 && c.Model2 == w.Model2 && c.Details.IsPartial) ? null : w.Statistics.PrimaryP,
        })]),
        ["marks"] = JsonFigures.Texts([.. leakage.Marks()]),
    };
}
