using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Reporting;

namespace Cfx.Core.Auditing;

/// <summary>People's verdicts as a report shows them, and whether the judge that they are compared with is the study's as it is now.</summary>
public sealed class HumanFindings
{
    /// <summary>What stands in place of figures when nobody judged.</summary>
    public const string NoLabels = "no human labels";

    private readonly JsonObject _json;
    private readonly IReadOnlyList<HumanVerdict> _verdicts;

    private HumanFindings(JsonObject json, IReadOnlyList<HumanVerdict> verdicts, IReadOnlyList<string> differences) =>
        (_json, _verdicts, Differences) = (json, verdicts, differences);

    /// <summary>Sentences on what has changed since the sheet was written; none when nothing has.</summary>
    public IReadOnlyList<string> Differences { get; }

    /// <summary>How many pairs people judged.</summary>
    public int Judged => _verdicts.Count;

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

        try
        {
            if (JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) is JsonObject json && json["verdicts"] is JsonArray told
                && told.Select(v => v is JsonObject one ? HumanVerdict.Read(one) : null).ToList() is var verdicts && !verdicts.Contains(null))
            {
                List<string> order = [.. evaluations.Select(e => $"{Name(e.Metadata, "model1")} {Name(e.Metadata, "model2")}")];
                return new HumanFindings(json, InOrder(verdicts!, order), await DifferencesAsync(json, path, evaluations, cancellationToken));
            }

            throw Broken(path, null);
        }
        catch (JsonException e)
        {
            throw Broken(path, e);
        }
    }

    /// <summary>As analysis.json has it; without labels there is no figure in it.</summary>
    /// <param name="bases">Arms that stand second in a report; all is seen from the arm that stands first.</param>
    public JsonObject ToJson(IReadOnlySet<string> bases)
    {
        var verdicts = _verdicts.Select(v => bases.Contains(v.Model1) ? v.Exchanged() : v).ToList();
        var json = new JsonObject
        {
            ["matches_study"] = Differences.Count == 0,
            ["differences"] = JsonFigures.Texts(Differences),
            ["note"] = Judged == 0 ? NoLabels : null,
        };
        foreach (var name in (IEnumerable<string>)["pairs", "judged", "not_judged", "judge_without_verdict"])
        {
            json[name] = _json[name]?.DeepClone();
        }

        json["agreement"] = Judged == 0 ? null : AgreementJson.Of(HumanFigures.Agreement(verdicts));
        json["matrix"] = Judged == 0 ? null : HumanFigures.Matrix(verdicts);
        json["first_slot"] = Judged == 0 ? null : _json["first_slot"]?.DeepClone();
        json["comparisons"] = HumanFigures.Comparisons(verdicts);
        return json;
    }

    // The sheet's key stands beside the file, and names evaluations as they are seen from there.
    private static async Task<IReadOnlyList<string>> DifferencesAsync(
        JsonObject json, string path, IReadOnlyList<(string Path, JsonObject Metadata)> evaluations, CancellationToken cancellationToken)
    {
        if (json["evaluations"] is not JsonObject then)
        {
            return ["The sheet does not tell of which judgments it was made."];
        }

        var differences = new List<string>();
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (evaluation, metadata) in evaluations)
        {
            var (name, hash) = (await BlindSheet.HashesAsync([evaluation], path, cancellationToken))[0];
            present.Add(name);
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

        if (then.Select(e => e.Key).Where(e => !present.Contains(e)).ToList() is { Count: > 0 } gone)
        {
            differences.Add($"The sheet has pairs of comparisons that the study no longer makes ({string.Join(", ", gone)}).");
        }

        return differences;
    }

    // The sheet's rows are mixed, and so is the order in which the file came to meet the comparisons.
    private static List<HumanVerdict> InOrder(IEnumerable<HumanVerdict> verdicts, List<string> order) =>
        [.. verdicts.OrderBy(v => order.IndexOf($"{v.Model1} {v.Model2}") is >= 0 and var at ? at : order.Count)];

    private static MisuseException Broken(string path, Exception? cause)
    {
        var words = $"{path}: not what this version's Blind --read writes; read the sheet again, or delete the file.";
        return cause is null ? new MisuseException(words) : new MisuseException(words, cause);
    }

    private static string Name(JsonObject metadata, string model) => (metadata[model] is JsonObject named ? RecordFields.Text(named, "name") : null) ?? "?";
}
