namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>What the win rates would be between answers of one length.</summary>
internal sealed class LengthSection : IReportSection
{
    public string Id => "length";

    public string Title => "Length";

    public bool HasData(ReportData data) => data.Comparisons.Any(c => Figures.Object(c.Json, "lc") is not null);

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "Judges tend to like longer answers. Lengths are in characters. The controlled rate estimates what the win rate would be between answers of equal length; it describes, and does not replace the primary test.", ("class", "lead"));
        var table = HtmlTable.Begin(page, "Win rate, raw and at equal length",
            "comparison", "#mean length", "#of the other", "#difference", "#95 % interval", "#raw", "#at equal length", "#95 % interval", "status");
        foreach (var c in data.Comparisons)
        {
            var lc = Figures.Object(c.Json, "lc");

            // Where lengths hardly overlap, or pairs are few, the rate is an extrapolation and is not shown.
            var why = Figures.Text(lc, "unsupported");
            table.Row(
                c.Label, Whole(lc, "mean_length1"), Whole(lc, "mean_length2"), Figures.Signed(Figures.Number(lc, "difference"), "0"),
                Figures.Range(lc, "difference_ci95") is { } d ? $"{Figures.Signed(d.Lower, "0")} to {Figures.Signed(d.Upper, "0")}" : Figures.None,
                Figures.Percent(Figures.Number(lc, "raw_rate") ?? c.H), Figures.Percent(why is null ? Figures.Number(lc, "rate") : null),
                Figures.Percent(why is null ? Figures.Range(lc, "ci95") : null),
                why is not null ? $"unsupported: {Figures.Words(why)}" : Figures.Words(Figures.Text(lc, "status") ?? Figures.None));
        }

        table.End();
    }

    private static string Whole(System.Text.Json.Nodes.JsonObject? lc, string name) => Figures.Decimal(Figures.Number(lc, name), "0");
}
