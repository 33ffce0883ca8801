using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>One comparison as analysis.json has it, seen from its first-named arm.</summary>
internal sealed record ComparisonView(JsonObject Json)
{
    public string Model1 => Figures.Text(Json, "model1") ?? "?";

    public string Model2 => Figures.Text(Json, "model2") ?? "?";

    public string Label => $"{Model1} vs {Model2}";

    public string Verdict => Figures.Text(Json, "verdict") ?? Figures.None;

    public double? N => Figures.Number(Json, "n");

    public double? H => Figures.Number(Json, "h");

    public (double Lower, double Upper)? Interval => Figures.Range(Json, "ci95");

    public (double Lower, double Upper)? Simultaneous => Figures.Range(Json, "ci_simultaneous");

    public double? HolmP => Figures.Number(Json, "holm_p");

    /// <summary>The smallest difference from one half that this many pairs would have shown; null where nobody worked it out.</summary>
    public double? Detectable => Figures.Number(Json, "mde") ?? Figures.Number(Json, "mde", "h_effect") ?? Figures.Number(Json, "mde", "effect");

    /// <summary>Whether each pair was judged in one order only, as in files of the original scripts.</summary>
    public bool IsSingleOrder => Number("position", "orders") is 1;

    /// <summary>Whether there are fewer pairs than planned, so that there is no p-value.</summary>
    public bool IsPartial => Figures.IsTrue(Json, "partial");

    /// <summary>The margin of the win rate within which both arms were shown to be equal; null when that was not asked or not shown.</summary>
    public double? EqualWithin => Figures.IsTrue(Json, "equivalence", "equivalent") ? Number("equivalence", "margin") : null;

    public bool HasData => N > 0 && H is not null;

    public IEnumerable<string> Warnings => Figures.Items(Json, "warnings").Select(w => PageJson.Text(w)).OfType<string>();

    public double? Number(params ReadOnlySpan<string> path) => Figures.Number(Json, path);
}
