namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>How far the judge can be trusted.</summary>
internal sealed class ReliabilitySection : IReportSection
{
    public string Id => "judge";

    public string Title => "How reliable the judge was";

    public bool HasData(ReportData data) => data.Comparisons.Any(c => c.Number("order_consistency") is not null || Figures.Object(c.Json, "position") is not null);

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", Lead(data.Comparisons.Count(c => c.IsSingleOrder), data.Comparisons.Count), ("class", "lead"));
        var table = HtmlTable.Begin(page, "Consistency and position bias",
            "comparison", "#orders agree", "#95 % interval", "#flips", "#first : second slot", "#bias to the first slot", "#95 % interval", "#kappa of the orders", "#incomplete", "#95 % interval");
        foreach (var c in data.Comparisons)
        {
            var position = Figures.Object(c.Json, "position");
            table.Row(
                c.Label, Figures.Percent(c.Number("order_consistency")), Figures.Percent(Figures.Range(position, "consistency_ci95")), Figures.Percent(c.Number("flip_rate")),
                $"{Figures.Count(c.Number("ties", "flip_first"))} : {Figures.Count(c.Number("ties", "flip_second"))}",
                Figures.Signed(Figures.Number(position, "first_slot_bias") * 100, "0.0"), Points(Figures.Range(position, "first_slot_bias_ci95")),
                Figures.Decimal(Figures.Number(position, "kappa"), "0.00"), Figures.Percent(c.Number("failure_rate")), Figures.Percent(Figures.Range(c.Json, "failure_ci95")));
        }

        table.End();
        page.Element("p", "The bias is in points: by how much the share won in the first slot exceeds one half.", ("class", "note"));
    }

    private static string Lead(int single, int all)
    {
        const string Both = "A pair is won only if the same answer wins in both orders; a judge that follows the position, or guesses, makes ties.";
        const string One = "Where both orders occur among them they weigh alike, so that a constant pull of the position cancels out; how steady the judge is cannot be told from one order.";
        return single == 0 ? $"Every pair was judged in both orders. {Both}"
            : single == all ? $"Each pair was judged in one order. {One}"
            : $"In some comparisons every pair was judged in both orders. {Both} In the others each pair was judged in one order. {One}";
    }

    private static string Points((double Lower, double Upper)? range) =>
        range is { } r ? $"{Figures.Signed(r.Lower * 100, "0.0")} to {Figures.Signed(r.Upper * 100, "0.0")}" : Figures.None;
}
