namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>The comparisons, drawn and as numbers.</summary>
internal sealed class ForestSection : IReportSection
{
    public string Id => "comparisons";

    public string Title => "Comparisons";

    public bool HasData(ReportData data) => data.Comparisons.Count > 0;

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "Win rate of the first-named arm; a tie counts half. The thick line is the 95 % interval, the thin one holds for all comparisons at once.", ("class", "lead"));
        ForestPlot.Draw(
            page,
            [
                .. data.Comparisons.Where(c => c.HasData && c.Interval is not null)
                    .Select(c => new ForestPlot.Line(Tone(c.Verdict), c.Model1, $"vs {c.Model2}", $"{c.Label}: win rate", c.H!.Value, c.Interval!.Value, c.Simultaneous)),
            ],
            "second-named better",
            "first-named better");
        Table(page, data);
        page.Open("details", ("class", "printed-open")).Element("summary", "How the ties came about, and what incomplete pairs could change");
        Ties(page, data);
        page.Close();
    }

    private static void Table(HtmlWriter page, ReportData data)
    {
        var table = HtmlTable.Begin(page, "Comparisons in numbers",
            "comparison", "#pairs", "#won", "#tied", "#lost", "#win rate", "#95 % interval", "#for all at once", "#decided", "#p", "#p (Holm)", "result");
        foreach (var c in data.Comparisons)
        {
            table.Row(c.Label, Figures.Count(c.N), Figures.Count(c.Number("wins")), Figures.Count(c.Number("ties", "total")), Figures.Count(c.Number("losses")),
                Figures.Percent(c.H), c.HasData ? Figures.Percent(c.Interval) : Figures.None, c.HasData ? Figures.Percent(c.Simultaneous) : Figures.None,
                Figures.Percent(c.Number("decisive_rate")), c.HasData ? Figures.P(c.Number("primary_p") ?? c.Number("sign_p")) : Figures.None,
                c.HasData ? Figures.P(c.HolmP) : Figures.None, c.Verdict);
        }

        table.End();
    }

    private static void Ties(HtmlWriter page, ReportData data)
    {
        var table = HtmlTable.Begin(page, "Ties by kind, orders averaged, and bounds",
            "comparison", "#both orders tied", "#first slot twice", "#second slot twice", "#tie and win", "#orders averaged", "#incomplete", "#if all were lost", "#if all were won");
        foreach (var c in data.Comparisons)
        {
            table.Row(c.Label, Figures.Count(c.Number("ties", "consistent")), Figures.Count(c.Number("ties", "flip_first")), Figures.Count(c.Number("ties", "flip_second")),
                Figures.Count(c.Number("ties", "soft")), Figures.Percent(c.Number("h_averaged")), Figures.Count(c.Number("n_failed", "total")),
                Figures.Percent(c.Number("bounds", "h_low")), Figures.Percent(c.Number("bounds", "h_high")));
        }

        table.End();
    }

    private static string Tone(string verdict) => verdict switch { "better" => "better", "worse" => "worse", _ => "open" };
}
