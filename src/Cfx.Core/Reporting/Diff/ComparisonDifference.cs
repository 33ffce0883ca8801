using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Diff;

/// <summary>One comparison in two studies.</summary>
/// <param name="Model1">The arm whose wins are counted.</param>
/// <param name="Model2">The arm it is compared with.</param>
/// <param name="Before">The baseline's figures; null when it has no such comparison.</param>
/// <param name="After">The other study's; null likewise.</param>
public sealed record ComparisonDifference(string Model1, string Model2, ComparisonFigures? Before, ComparisonFigures? After)
{
    /// <summary>Items judged in both, whatever came of it.</summary>
    public int Common { get; init; }

    /// <summary>Items judged in the baseline alone.</summary>
    public int OnlyBefore { get; init; }

    /// <summary>Items judged in the other study alone.</summary>
    public int OnlyAfter { get; init; }

    /// <summary>Common items whose outcome, kind of tie or a single verdict differs, in file order.</summary>
    public IReadOnlyList<FlippedItem> Flips { get; init; } = [];

    /// <summary>How many of them came out otherwise.</summary>
    public int OutcomesFlipped => Flips.Count(f => f.IsOutcome);

    /// <summary>Single verdicts that differ, up to two an item.</summary>
    public int VerdictsFlipped => Flips.Sum(f => f.Verdicts);

    public JsonObject ToJson() => new()
    {
        ["model1"] = Model1,
        ["model2"] = Model2,
        ["before"] = Before?.ToJson(),
        ["after"] = After?.ToJson(),
        ["h_change"] = After?.H - Before?.H,
        ["items"] = new JsonObject { ["common"] = Common, ["only_before"] = OnlyBefore, ["only_after"] = OnlyAfter },
        ["outcomes_flipped"] = OutcomesFlipped,
        ["verdicts_flipped"] = VerdictsFlipped,
        ["flips"] = new JsonArray(
            [.. Flips.Select(f => new JsonObject { ["item_id"] = f.ItemId, ["before"] = f.Before.ToJson(), ["after"] = f.After.ToJson() })]),
    };
}
