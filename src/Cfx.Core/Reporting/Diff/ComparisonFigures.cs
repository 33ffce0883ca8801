using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Diff;

/// <summary>What an analysis says of one comparison, as far as two studies are held against each other.</summary>
/// <param name="Wins">Pairs won by model1.</param>
/// <param name="Ties">Pairs tied.</param>
/// <param name="Losses">Pairs lost.</param>
/// <param name="H">The win rate with ties counting half, 0 to 1; null without data.</param>
/// <param name="Lower">The lower end of its 95 % interval.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="HolmP">The adjusted p-value.</param>
/// <param name="Verdict">The comparison's verdict in words.</param>
public sealed record ComparisonFigures(long Wins, long Ties, long Losses, double? H, double? Lower, double? Upper, double? HolmP, string Verdict)
{
    /// <summary>Reads them from a comparison of an analysis.json.</summary>
    /// <exception cref="FormatException">A count or the verdict is missing.</exception>
    public static ComparisonFigures Of(JsonObject comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var interval = comparison["ci95"] as JsonArray;
        return new ComparisonFigures(
            Count("wins", comparison["wins"]), Count("ties", (comparison["ties"] as JsonObject)?["total"]), Count("losses", comparison["losses"]),
            (double?)comparison["h"], (double?)interval?[0], (double?)interval?[1], (double?)comparison["holm_p"],
            (string?)comparison["verdict"] ?? throw new FormatException("a comparison has no verdict"));

        static long Count(string name, JsonNode? node) => (long?)node ?? throw new FormatException($"a comparison has no {name}");
    }

    public JsonObject ToJson() => new()
    {
        ["wins"] = Wins,
        ["ties"] = Ties,
        ["losses"] = Losses,
        ["h"] = H,
        ["ci95"] = new JsonArray(Lower, Upper),
        ["holm_p"] = HolmP,
        ["verdict"] = Verdict,
    };
}
