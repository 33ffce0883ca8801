using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting.Diff;

/// <summary>Holds two studies' results folders against each other: figures, single outcomes, and how they were made.</summary>
public static class StudyDiff
{
    private const string AnalysisFile = "analysis.json";

    /// <summary>Reads both folders and changes nothing.</summary>
    /// <param name="baseline">The results folder of the earlier study.</param>
    /// <param name="current">That of the study it is compared with.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MisuseException">A folder holds no analysis, or a file in it is broken.</exception>
    public static async Task<StudyDifference> CompareAsync(string baseline, string current, CancellationToken cancellationToken)
    {
        var before = await AnalysisAsync(baseline, cancellationToken);
        var after = await AnalysisAsync(current, cancellationToken);
        var comparisons = new List<ComparisonDifference>();
        foreach (var pair in before.Keys.Union(after.Keys))
        {
            var flips = await FlipsAsync(baseline, current, pair.Model1, pair.Model2, cancellationToken);
            comparisons.Add(flips with { Before = before.GetValueOrDefault(pair), After = after.GetValueOrDefault(pair) });
        }

        return new StudyDifference(baseline, current, comparisons, await ParametersAsync(baseline, current, cancellationToken));
    }

    private static async Task<Dictionary<(string Model1, string Model2), ComparisonFigures>> AnalysisAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, AnalysisFile);
        if (!File.Exists(path))
        {
            throw new MisuseException($"'{path}' does not exist, so there is no study to compare. Give the results folder of a study that was analysed.");
        }

        try
        {
            var comparisons = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken))?["comparisons"] as JsonArray
                ?? throw new FormatException("it has no comparisons");
            return comparisons.OfType<JsonObject>().ToDictionary(c => ((string)c["model1"]!, (string)c["model2"]!), ComparisonFigures.Of);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new MisuseException($"'{path}' is not an analysis: {e.Message.Split('\n')[0]}. Run Analyze for that study again.", e);
        }
    }

    private static async Task<ComparisonDifference> FlipsAsync(
        string baseline, string current, string model1, string model2, CancellationToken cancellationToken)
    {
        var before = await OutcomesAsync(baseline, model1, model2, cancellationToken);
        var after = await OutcomesAsync(current, model1, model2, cancellationToken);
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
    private static async Task<Dictionary<string, OutcomeKind>> OutcomesAsync(string folder, string model1, string model2, CancellationToken cancellationToken)
    {
        foreach (var (first, second, isTurned) in new[] { (model1, model2, false), (model2, model1, true) })
        {
            var path = Path.Combine(folder, "evaluations", $"{first}_vs_{second}.json");
            if (File.Exists(path))
            {
                var outcomes = new Dictionary<string, OutcomeKind>(StringComparer.Ordinal);
                await foreach (var row in new EvaluationFileReader(path).ReadAsync(cancellationToken))
                {
                    outcomes[row.ItemId] = (isTurned ? row.Outcome.Reversed() : row.Outcome).Outcome;
                }

                return outcomes;
            }
        }

        return [];
    }

    private static async Task<IReadOnlyList<ParameterDifference>> ParametersAsync(string baseline, string current, CancellationToken cancellationToken)
    {
        var differences = new List<ParameterDifference>();
        var artifacts = Artifacts(baseline).Intersect(Artifacts(current), StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var artifact in artifacts)
        {
            var before = await Manifest.TryReadAsync(Path.Combine(baseline, artifact), cancellationToken);
            var after = await Manifest.TryReadAsync(Path.Combine(current, artifact), cancellationToken);
            if (before is null || after is null)
            {
                continue;
            }

            var (old, now) = (Settings(before), Settings(after));
            differences.AddRange(old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Where(n => old.GetValueOrDefault(n) != now.GetValueOrDefault(n))
                .Select(n => new ParameterDifference(artifact, n, old.GetValueOrDefault(n), now.GetValueOrDefault(n))));
        }

        return differences;
    }

    private static Dictionary<string, string> Settings(Manifest manifest) => new(manifest.Parameters, StringComparer.Ordinal)
    {
        ["provider"] = manifest.Provider,
        ["recipe"] = manifest.RecipeVersion.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static IEnumerable<string> Artifacts(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Manifest.PathFor(string.Empty), SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(folder, p[..^Manifest.PathFor(string.Empty).Length]).Replace('\\', '/'));
}
