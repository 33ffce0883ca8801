using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>How far the judge can be trusted.</summary>
internal sealed class ReliabilitySection : IReportSection
{
    public string Id => "judge";

    public string Title => "How reliable the judge was";

    public bool HasData(ReportData data) => data.Comparisons.Any(c => c.Number("order_consistency") is not null);

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "Every pair was judged in both orders. A pair is won only if the same answer wins in both; a judge that follows the position, or guesses, makes ties.", ("class", "lead"));
        var table = HtmlTable.Begin(page, "Consistency and position bias",
            "comparison", "#orders agree", "#95 % interval", "#flips", "#first slot twice", "#second slot twice", "#favour for the first slot", "#95 % interval", "#kappa", "#incomplete", "#95 % interval");
        foreach (var c in data.Comparisons)
        {
            var position = Figures.Object(c.Json, "position");
            table.Row(
                c.Label, Figures.Percent(c.Number("order_consistency") ?? Figures.Number(position, "consistency")),
                Figures.Percent(Figures.Range(position, "consistency_ci95") ?? Figures.Range(c.Json, "order_consistency_ci95")),
                Figures.Percent(c.Number("flip_rate")),
                Figures.Count(c.Number("ties", "flip_first")), Figures.Count(c.Number("ties", "flip_second")),
                Points(Bias(c, position)), Figures.Percent(Figures.Range(position, "ci95") ?? Figures.Range(position, "bias_ci95")),
                Figures.Decimal(Figures.Number(position, "kappa") ?? Figures.Number(position, "kappa", "kappa") ?? c.Number("kappa", "kappa") ?? c.Number("kappa"), "0.00"),
                Figures.Percent(c.Number("failure_rate")), Figures.Percent(Figures.Range(c.Json, "failure_ci95")));
        }

        table.End();
        foreach (var (name, caption) in new[] { ("judges", "Several judges"), ("audit", "Agreement with the users and with people"), ("human", "Agreement with people") })
        {
            GenericSection.Node(page, caption, data.Analysis[name]);
        }
    }

    // Without the analysis's own estimate: pairs in which both orders preferred one slot.
    private static double? Bias(ComparisonView c, JsonObject? position) =>
        Figures.Number(position, "bias") ?? Figures.Number(position, "first_slot_bias");

    private static string Points(double? bias) => bias is { } value ? Figures.Decimal(value * 100, "+0.0;-0.0;0.0") + " points" : Figures.None;
}
