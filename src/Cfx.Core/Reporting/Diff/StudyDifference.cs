using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Diff;

/// <summary>What two studies do not have in common.</summary>
/// <param name="Baseline">The baseline's results folder, relative to the project's.</param>
/// <param name="Current">The other study's results folder, likewise.</param>
/// <param name="Comparisons">Every comparison of either, the baseline's order first.</param>
/// <param name="Parameters">Settings and inputs that differ.</param>
public sealed record StudyDifference(
    string Baseline, string Current, IReadOnlyList<ComparisonDifference> Comparisons, IReadOnlyList<ParameterDifference> Parameters)
{
    /// <summary>The version of diff.json's layout.</summary>
    public const int SchemaVersion = 2;

    public JsonObject ToJson() => new()
    {
        ["schema_version"] = SchemaVersion,
        ["baseline"] = Baseline,
        ["current"] = Current,
        ["comparisons"] = new JsonArray([.. Comparisons.Select(c => c.ToJson())]),
        ["parameters"] = new JsonArray(
        [
            .. Parameters.Select(p => new JsonObject { ["artifact"] = p.Artifact, ["name"] = p.Name, ["before"] = p.Before, ["after"] = p.After }),
        ]),
    };
}
