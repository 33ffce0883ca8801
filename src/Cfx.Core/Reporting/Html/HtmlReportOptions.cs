using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>What a report for the browser is made from.</summary>
public sealed record HtmlReportOptions
{
    /// <summary>What analysis.json holds. A part that is not there gives no section.</summary>
    public required JsonObject Analysis { get; init; }

    /// <summary>The evaluation files whose pairs can be looked at, in the report's order; none gives a report without them.</summary>
    public IReadOnlyList<string> EvaluationPaths { get; init; } = [];

    /// <summary>The records of the training jobs, in the order of the arms. One that is not there is passed over.</summary>
    public IReadOnlyList<string> JobPaths { get; init; } = [];

    /// <summary>Folders whose artifacts' manifests tell time, cost and origin, searched with what lies below them.</summary>
    public IReadOnlyList<string> ManifestFolders { get; init; } = [];

    /// <summary>Where report.html goes.</summary>
    public required string ReportPath { get; init; }
}
