namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>What the win rates would be between answers of one length.</summary>
internal sealed class LengthSection : IReportSection
{
    public string Id => "length";

    public string Title => "Length";

    public bool HasData(ReportData data) => data.Comparisons.Any(c => Figures.Object(c.Json, "lc") is not null);

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "Judges tend to like longer answers. The controlled rate estimates what the win rate would be between answers of equal length; it describes, and does not replace the primary test.", ("class", "lead"));
        var table = HtmlTable.Begin(page, "Win rate, raw and length-controlled", "comparison", "#raw", "#length-controlled", "#95 % interval", "#mean difference in characters", "status");
        foreach (var c in data.Comparisons)
        {
            var lc = Figures.Object(c.Json, "lc");
            table.Row(
                c.Label, Figures.Percent(c.H), Figures.Percent(Figures.Number(lc, "rate") ?? Figures.Number(lc, "h") ?? Figures.Number(lc, "win_rate")),
                Figures.Percent(Figures.Range(lc, "ci95")),
                Figures.Decimal(Figures.Number(lc, "mean_difference") ?? Figures.Number(lc, "mean_length_difference") ?? Figures.Number(lc, "length_difference"), "+0.0;-0.0;0.0"),
                Figures.Words(Figures.Text(lc, "status") ?? Figures.None));
        }

        table.End();
    }
}
