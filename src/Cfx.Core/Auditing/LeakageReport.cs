using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Auditing;

/// <summary>Which test contexts were seen in training.</summary>
/// <param name="TestContexts">How many contexts the test has.</param>
/// <param name="Overlapping">The item ids of those found in a training file, by conversation or by text: they do not belong into the primary analysis.</param>
/// <param name="NearDuplicates">How many more resemble a training context.</param>
/// <param name="Json">The whole file.</param>
public sealed record LeakageReport(int TestContexts, IReadOnlySet<string> Overlapping, int NearDuplicates, JsonObject Json)
{
    /// <summary>The largest share of overlapping contexts with which a study may conclude.</summary>
    public const double MaxShare = 0.01;

    /// <summary>The most near duplicates that a report shows.</summary>
    public const int MostShown = 20;

    /// <summary>The closest near duplicates with both texts, at most <see cref="MostShown"/>.</summary>
    public IReadOnlyList<NearPair> NearPairs => Json["near_duplicates"] is JsonObject near && near["pairs"] is JsonArray pairs
        ? [.. pairs.OfType<JsonObject>().Take(MostShown).Select(NearPair.Of)]
        : [];

    /// <summary>Overlapping contexts over all of the test; 0 without any.</summary>
    public double Share => TestContexts == 0 ? 0 : (double)Overlapping.Count / TestContexts;

    /// <summary>Whether the overlap is so large that the study must not conclude.</summary>
    public bool IsExcessive => Share > MaxShare;

    /// <summary>Sentences that a report must carry; none when test and training are apart.</summary>
    public IEnumerable<string> Marks()
    {
        if (Overlapping.Count > 0)
        {
            yield return FormattableString.Invariant(
                $"{Overlapping.Count} of {TestContexts} test contexts ({Share * 100:0.0} %) were found in training files and are left out of the comparisons (leakage.json names them).");
        }

        if (IsExcessive)
        {
            yield return FormattableString.Invariant(
                $"OVERLAP ALLOWED: more than {MaxShare * 100:0} % of the test was seen in training, and --allow-overlap lets the study conclude all the same. Do not take its figures for those of an unseen test.");
        }

        if (NearDuplicates > 0)
        {
            yield return $"{NearDuplicates} more test contexts nearly repeat one that was trained on; they count, and both texts of each are shown in the report and in leakage.json.";
        }
    }

    /// <summary>Reads the file back.</summary>
    /// <exception cref="MisuseException">It is missing or not such a file.</exception>
    public static async Task<LeakageReport> LoadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new MisuseException($"{path}: no such file; run Analyze, which makes it.");
        }

        try
        {
            return Of(JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject
                ?? throw new MisuseException($"{path}: not a JSON object; delete it and run Analyze again."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new MisuseException($"{path}: not a report of the overlap check; delete it and run Analyze again.", e);
        }
    }

    internal static LeakageReport Of(JsonObject json) => new(
        (int)json["test"]!["contexts"]!,
        json["overlap"]!["items"]!.AsArray().Select(i => RecordFields.Text(i!.AsObject(), RecordFields.ItemId, "leakage.json")).ToHashSet(StringComparer.Ordinal),
        (int)json["near_duplicates"]!["contexts"]!,
        json);
}
