using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting;

/// <summary>All that a report says.</summary>
/// <param name="StudyName">The study.</param>
/// <param name="IsSandbox">True when any comparison was made with the sandbox's models.</param>
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
    /// <summary>How much results vary over trainings of the same arm; none where no arm was trained twice.</summary>
    public IReadOnlyList<ReplicateSpread> Replicates { get; init; } = [];

    /// <summary>The version of analysis.json's layout.</summary>
    public const int SchemaVersion = 1;

    /// <summary>What a sandbox run's report begins with.</summary>
    public const string SandboxNotice =
        "These are the sandbox's models: the numbers show that the pipeline works, not which method wins.";

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
            ["providers"] = new JsonArray([.. Providers.Select(p => (JsonNode)p)]),
            ["plan"] = new JsonObject
            {
                ["comparisons"] = Comparisons.Count,
                ["alpha"] = ComparisonResult.Alpha,
                ["effect"] = "h = (wins + ties/2) / n, pairs combined over both orders",
                ["test"] = "exact two-sided sign test on wins and losses",
                ["multiplicity"] = "holm",
            },
            ["comparisons"] = new JsonArray([.. Comparisons.Select(c => c.ToJson())]),
            ["flow"] = flow,
            ["warnings"] = new JsonArray([.. Warnings.Select(w => (JsonNode)w)]),
        };
        if (Replicates.Count > 0)
        {
            json["replicates"] = new JsonArray([.. Replicates.Select(r => (JsonNode)r.ToJson())]);
        }

        return json;
    }
}
