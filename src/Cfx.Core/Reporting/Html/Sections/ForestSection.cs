using System.Globalization;

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
        Draw(page, [.. data.Comparisons.Where(c => c.HasData && c.Interval is not null)]);
        Table(page, data);
        page.Open("details").Element("summary", "How the ties came about, and what incomplete pairs could change");
        Ties(page, data);
        page.Close();
    }

    private static void Draw(HtmlWriter page, IReadOnlyList<ComparisonView> comparisons)
    {
        if (comparisons.Count == 0)
        {
            return;
        }

        var widest = comparisons.SelectMany(c => new[] { c.Interval!.Value, c.Simultaneous ?? c.Interval!.Value })
            .Max(i => Math.Max(Math.Abs(i.Lower - 0.5), Math.Abs(i.Upper - 0.5)));
        var reach = Math.Clamp(Math.Ceiling(widest * 20) / 20, 0.1, 0.5);
        var axis = (0.5 - reach, 0.5 + reach);
        page.Open("div", ("class", "forest"));
        foreach (var c in comparisons)
        {
            page.Open("div", ("class", "row " + Tone(c.Verdict)))
                .Open("div", ("class", "label")).Open("strong").Name(c.Model1).Close().Text(" vs ").Name(c.Model2).Close();
            page.Open("div", ("class", "plot"));
            SvgChart.Interval(page, $"{c.Label}: win rate {Figures.Percent(c.H)}, 95 % interval {Figures.Percent(c.Interval)}", axis, 0.5, c.H!.Value, c.Interval!.Value, c.Simultaneous);
            page.Close().Open("div", ("class", "value")).Element("strong", Figures.Percent(c.H)).Text(" ").Element("span", Figures.Percent(c.Interval)).Close().Close().Line();
        }

        page.Open("div", ("class", "row foot")).Open("div", ("class", "label")).Close().Open("div", ("class", "plot"));
        SvgChart.Axis(page, axis,
        [
            .. new[] { -1, -0.5, 0, 0.5, 1 }.Select(s => 0.5 + (s * reach))
                .Select(v => (v, (v * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %")),
        ]);
        page.Open("div", ("class", "sides"), ("aria-hidden", "true")).Element("span", "← second-named better").Element("span", "first-named better →").Close()
            .Close().Open("div", ("class", "value")).Close().Close().Close().Line();
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
