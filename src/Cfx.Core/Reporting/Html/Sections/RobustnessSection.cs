namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>Whether a result holds when something is counted otherwise, and what so many pairs can show.</summary>
internal sealed class RobustnessSection : IReportSection
{
    public string Id => "robustness";

    public string Title => "Counted otherwise";

    public bool HasData(ReportData data) => data.Comparisons.Any(c => c.Json.ContainsKey("unanswered_as_loss") || c.Json.ContainsKey("power") || c.Detectable is not null);

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "The same pairs with another interval, with each order credited by itself, with unanswered pairs as lost, and at the worst.", ("class", "lead"));
        var table = HtmlTable.Begin(page, "Win rates, counted otherwise",
            "comparison", "#win rate", "#t interval", "#bootstrap interval", "#orders averaged", "#unanswered lost", "#all incomplete lost", "#all incomplete won", "rests on failures");
        foreach (var c in data.Comparisons.Where(c => c.HasData))
        {
            table.Row(
                c.Label, Figures.Percent(c.H), Figures.Percent(c.Interval), Figures.Percent(Figures.Range(c.Json, "bootstrap", "ci95")),
                Figures.Percent(c.Number("h_averaged")), Figures.Percent(c.Number("unanswered_as_loss", "h")), Figures.Percent(c.Number("bounds", "h_low")),
                Figures.Percent(c.Number("bounds", "h_high")), Figures.Value(Figures.Object(c.Json, "bounds")?["conclusion_depends"]));
        }

        table.End();
        Power(page, data);
        Paired(page, data);
    }

    private static void Power(HtmlWriter page, ReportData data)
    {
        var table = HtmlTable.Begin(page, "What so many pairs can show (80 % power, level over all comparisons)",
            "comparison", "#pairs", "#detectable difference", "#pairs for 5 points", "#for 3 points", "#for 2 points", "equal within the margin");
        foreach (var c in data.Comparisons.Where(c => c.HasData))
        {
            var equal = Figures.Object(c.Json, "equivalence");
            table.Row(
                c.Label, Figures.Count(c.Number("power", "pairs") ?? c.N), c.Detectable is { } mde ? $"±{Figures.Decimal(mde * 100, "0.0")} points" : Figures.None,
                Needed("0.05"), Needed("0.03"), Needed("0.02"),
                equal is null ? "not asked" : $"{Figures.Value(equal["equivalent"])} (±{Figures.Decimal(Figures.Number(equal, "margin") * 100, "0.#")} points; {Figures.P(Figures.Number(equal, "holm_p"))})");

            string Needed(string effect) => Figures.Count(c.Number("power", "pairs_needed", effect));
        }

        table.End();
    }

    private static void Paired(HtmlWriter page, ReportData data)
    {
        var pairs = Figures.Items(data.Analysis, "paired_differences");
        if (pairs.Count == 0)
        {
            return;
        }

        var table = HtmlTable.Begin(page, "Two arms against the same third, within contexts",
            "difference", "both against", "#contexts", "#difference of win rates", "#95 % interval", "#bootstrap interval", "#p");
        foreach (var pair in pairs)
        {
            table.Row(
                $"{Figures.Text(pair, "first")} minus {Figures.Text(pair, "second")}", Figures.Text(pair, "reference") ?? Figures.None, Figures.Count(Figures.Number(pair, "n")),
                Points(Figures.Number(pair, "difference")), Points(Figures.Range(pair, "ci95")), Points(Figures.Range(pair, "bootstrap", "ci95")), Figures.P(Figures.Number(pair, "p")));
        }

        table.End();
        page.Element("p", "Differences are in points. What is easy or hard for both arms cancels out, so these intervals are usually narrower than those of two separate samples.", ("class", "note"));
    }

    private static string Points(double? share) => Figures.Signed(share * 100, "0.0");

    private static string Points((double Lower, double Upper)? range) => range is { } r ? $"{Points(r.Lower)} to {Points(r.Upper)}" : Figures.None;
}
