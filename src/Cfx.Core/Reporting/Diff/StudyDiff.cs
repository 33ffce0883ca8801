using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Diff;

/// <summary>Holds two studies' results folders against each other: figures, single outcomes and verdicts, and how and from what they were made.</summary>
public static class StudyDiff
{
    private const string AnalysisFile = "analysis.json";

    /// <summary>Reads both folders and changes nothing.</summary>
    /// <param name="root">The folder that the difference names the two relative to.</param>
    /// <param name="baseline">The results folder of the earlier study.</param>
    /// <param name="current">That of the study it is compared with.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MisuseException">A folder holds no analysis, or a file in it is broken.</exception>
    public static async Task<StudyDifference> CompareAsync(string root, string baseline, string current, CancellationToken cancellationToken)
    {
        var (oldAnalysis, before) = await AnalysisAsync(baseline, cancellationToken);
        var (newAnalysis, after) = await AnalysisAsync(current, cancellationToken);
        var comparisons = new List<ComparisonDifference>();
        foreach (var pair in before.Keys.Union(after.Keys))
        {
            var flips = await FlipsAsync(baseline, current, pair.Model1, pair.Model2, cancellationToken);
            comparisons.Add(flips with { Before = before.GetValueOrDefault(pair), After = after.GetValueOrDefault(pair) });
        }

        var settings = await StudySettings.ReadAsync(baseline, oldAnalysis, cancellationToken);
        return new StudyDifference(
            Path.GetRelativePath(root, baseline).Replace('\\', '/'), Path.GetRelativePath(root, current).Replace('\\', '/'), comparisons,
            [.. settings.Against(await StudySettings.ReadAsync(current, newAnalysis, cancellationToken))]);
    }

    private static async Task<(JsonObject Json, Dictionary<(string Model1, string Model2), ComparisonFigures> Comparisons)> AnalysisAsync(
        string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, AnalysisFile);
        if (!File.Exists(path))
        {
            throw new MisuseException($"'{path}' does not exist, so there is no study to compare. Give the results folder of a study that was analysed.");
        }

        try
        {
            var json = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject ?? throw new FormatException("it is no JSON object");
            var comparisons = json["comparisons"] as JsonArray ?? throw new FormatException("it has no comparisons");
            return (json, comparisons.OfType<JsonObject>().ToDictionary(c => ((string)c["model1"]!, (string)c["model2"]!), ComparisonFigures.Of));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new MisuseException($"'{path}' is not an analysis: {e.Message.Split('\n')[0]}. Run Analyze for that study again.", e);
        }
    }

    private static async Task<ComparisonDifference> FlipsAsync(
        string baseline, string current, string model1, string model2, CancellationToken cancellationToken)
    {
        var before = await ItemsAsync(baseline, model1, model2, cancellationToken);
        var after = await ItemsAsync(current, model1, model2, cancellationToken);
        var common = before.Where(b => after.ContainsKey(b.Key)).ToList();
        return new ComparisonDifference(model1, model2, null, null)
        {
            Common = common.Count,
            OnlyBefore = before.Count - common.Count,
            OnlyAfter = after.Count - common.Count,
            Flips = [.. common.Where(b => after[b.Key] != b.Value).Select(b => new FlippedItem(b.Key, b.Value, after[b.Key]))],
        };
    }

    // The file may hold the pair the other way round: an analysis turns the base arm to the back.
    private static async Task<Dictionary<string, JudgedItem>> ItemsAsync(string folder, string model1, string model2, CancellationToken cancellationToken)
    {
        foreach (var (first, second, isTurned) in new[] { (model1, model2, false), (model2, model1, true) })
        {
            var path = Path.Combine(folder, "evaluations", $"{first}_vs_{second}.json");
            if (File.Exists(path))
            {
                var items = new Dictionary<string, JudgedItem>(StringComparer.Ordinal);
                await foreach (var row in new EvaluationFileReader(path).ReadAsync(cancellationToken))
                {
                    var seen = isTurned ? row.Exchanged() : row;
                    items[row.ItemId] = new JudgedItem(seen.Outcome, seen.Normal, seen.Reversed);
                }

                return items;
            }
        }

        return [];
    }
}
