using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting;

/// <summary>How much one comparison's result varies over trainings that differ in the seed alone.</summary>
/// <param name="Model1">The arm whose wins are counted, without its replicates' numbers.</param>
/// <param name="Model2">What it is compared with, likewise.</param>
/// <param name="WinRates">Each training's win rate with ties counting half, in order; two or more.</param>
public sealed record ReplicateSpread(string Model1, string Model2, IReadOnlyList<double> WinRates)
{
    public double Mean => WinRates.Average();

    /// <summary>The sample's standard deviation (divided by n - 1).</summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            return Math.Sqrt(WinRates.Sum(w => (w - mean) * (w - mean)) / (WinRates.Count - 1));
        }
    }

    /// <summary>The spread of every comparison that was made with two or more trainings, in the order of the comparisons.</summary>
    /// <param name="comparisons">All comparisons; one without data has no win rate and does not count.</param>
    /// <param name="groups">The arms that have replicates, each with the name that it shares with them.</param>
    public static IReadOnlyList<ReplicateSpread> Of(IEnumerable<ComparisonResult> comparisons, IReadOnlyDictionary<string, string> groups)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        ArgumentNullException.ThrowIfNull(groups);
        return
        [
            .. comparisons
                .Where(c => c.Statistics is { N: > 0, HalfCredit.H: not null } && (groups.ContainsKey(c.Model1) || groups.ContainsKey(c.Model2)))
                .GroupBy(c => (groups.GetValueOrDefault(c.Model1, c.Model1), groups.GetValueOrDefault(c.Model2, c.Model2)))
                .Where(g => g.Skip(1).Any())
                .Select(g => new ReplicateSpread(g.Key.Item1, g.Key.Item2, [.. g.Select(c => c.Statistics.HalfCredit.H!.Value)])),
        ];
    }

    public JsonObject ToJson() => new()
    {
        ["model1"] = Model1,
        ["model2"] = Model2,
        ["trainings"] = WinRates.Count,
        ["win_rates"] = new JsonArray([.. WinRates.Select(w => (JsonNode)w)]),
        ["mean"] = Mean,
        ["sd"] = StandardDeviation,
    };
}
