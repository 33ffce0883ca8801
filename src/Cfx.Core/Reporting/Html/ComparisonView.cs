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

    public bool HasData => N > 0 && H is not null;

    public IEnumerable<string> Warnings => Figures.Items(Json, "warnings").Select(w => PageJson.Text(w)).OfType<string>();

    public double? Number(params ReadOnlySpan<string> path) => Figures.Number(Json, path);
}
