using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Reporting;

namespace Cfx.Core.Auditing;

/// <summary>People's verdicts as a report shows them, and whether the judge that they are compared with is the study's as it is now.</summary>
/// <param name="Json">blind.json.</param>
/// <param name="Differences">Sentences on what has changed since the sheet was written; none when nothing has.</param>
public sealed record HumanFindings(JsonObject Json, IReadOnlyList<string> Differences)
{
    /// <summary>What stands in place of figures when nobody judged.</summary>
    public const string NoLabels = "no human labels";

    /// <summary>How many pairs people judged.</summary>
    public int Judged { get; } = (int?)Json["judged"] ?? 0;

    /// <summary>Reads the file and compares it with the study's comparisons.</summary>
    /// <param name="path">blind.json.</param>
    /// <param name="evaluations">The study's evaluation files with their metadata.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    /// <returns>Null where there is no such file: no verdicts of people were read.</returns>
    /// <exception cref="MisuseException">It is not such a file.</exception>
    public static async Task<HumanFindings?> LoadAsync(
        string path, IReadOnlyList<(string Path, JsonObject Metadata)> evaluations, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        JsonObject? json;
        try
        {
            json = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject;
            if (json is null || (int?)json["judged"] is null || json["comparisons"] is not JsonArray)
            {
                throw new MisuseException($"{path}: not what Blind --read writes; delete it or read the sheet again.");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new MisuseException($"{path}: not what Blind --read writes; delete it or read the sheet again.", e);
        }

        json["comparisons"] = InOrder(json["comparisons"]!.AsArray(), [.. evaluations.Select(e => Names(e.Metadata))]);
        return new HumanFindings(json, await DifferencesAsync(json, path, evaluations, cancellationToken));
    }

    /// <summary>As analysis.json has it; without labels there is no figure in it.</summary>
    /// <param name="bases">Arms that stand second in a report.</param>
    public JsonObject ToJson(IReadOnlySet<string> bases)
    {
        var json = new JsonObject
        {
            ["matches_study"] = Differences.Count == 0,
            ["differences"] = JsonFigures.Texts(Differences),
            ["note"] = Judged == 0 ? NoLabels : null,
        };
        foreach (var name in (IEnumerable<string>)["pairs", "judged", "not_judged", "judge_without_verdict", "agreement", "matrix", "first_slot"])
        {
            json[name] = Judged == 0 && name is "agreement" or "matrix" or "first_slot" ? null : Json[name]?.DeepClone();
        }

        json["comparisons"] = new JsonArray([.. Comparisons(bases).Select(c => (JsonNode)c)]);
        return json;
    }

    /// <summary>People's figures of each comparison of which they judged a pair, seen from the arm that the report names first.</summary>
    /// <param name="bases">Arms that stand second in a report.</param>
    public IEnumerable<JsonObject> Comparisons(IReadOnlySet<string> bases) => (Json["comparisons"] as JsonArray ?? []).OfType<JsonObject>()
        .Select(c => RecordFields.Text(c, "model1") is { } model1 && bases.Contains(model1) ? Exchanged(c) : (JsonObject)c.DeepClone());

    // The sheet's key stands beside the file, and names evaluations as they are seen from there.
    private static async Task<IReadOnlyList<string>> DifferencesAsync(
        JsonObject json, string path, IReadOnlyList<(string Path, JsonObject Metadata)> evaluations, CancellationToken cancellationToken)
    {
        if (json["evaluations"] is not JsonObject then)
        {
            return ["The sheet does not tell of which judgments it was made."];
        }

        var differences = new List<string>();
        foreach (var (evaluation, metadata) in evaluations)
        {
            var (name, hash) = (await BlindSheet.HashesAsync([evaluation], path, cancellationToken))[0];
            var arms = $"{Name(metadata, "model1")} and {Name(metadata, "model2")}";
            if (!then.ContainsKey(name))
            {
                differences.Add($"The sheet has no pair of {arms}, which the study compares now.");
            }
            else if (!JsonNode.DeepEquals(then[name], hash))
            {
                differences.Add($"The answers or judgments of {arms} have changed since the sheet was written.");
            }
        }

        return differences;
    }

    // The sheet's rows are mixed, and so is the order in which the file came to meet the comparisons.
    private static JsonArray InOrder(JsonArray comparisons, List<string> order) => new(
    [
        .. comparisons.OfType<JsonObject>().OrderBy(c => order.IndexOf($"{RecordFields.Text(c, "model1")} {RecordFields.Text(c, "model2")}") is >= 0 and var at ? at : order.Count)
            .Select(c => c.DeepClone()),
    ]);

    private static string Names(JsonObject metadata) => $"{Name(metadata, "model1")} {Name(metadata, "model2")}";

    private static JsonObject Exchanged(JsonObject comparison)
    {
        var turned = (JsonObject)comparison.DeepClone();
        (turned["model1"], turned["model2"]) = (comparison["model2"]?.DeepClone(), comparison["model1"]?.DeepClone());
        (turned["wins"], turned["losses"]) = (comparison["losses"]?.DeepClone(), comparison["wins"]?.DeepClone());
        turned["h"] = (double?)comparison["h"] is { } h ? 1 - h : null;
        turned["ci95"] = comparison["ci95"] is JsonArray { Count: 2 } interval ? new JsonArray(1 - (double)interval[1]!, 1 - (double)interval[0]!) : null;
        return turned;
    }

    private static string Name(JsonObject metadata, string model) => (metadata[model] is JsonObject named ? RecordFields.Text(named, "name") : null) ?? "?";
}
