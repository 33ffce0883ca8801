using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>Several judges: each alone beside their majority, and how they agree.</summary>
internal sealed class JudgesSection : IReportSection
{
    public string Id => "judges";

    public string Title => "Several judges";

    public bool HasData(ReportData data) => Several(data).Any();

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "The comparisons count the judges' majority in each order. Here is what each judge alone would say, beside it.", ("class", "lead"));
        foreach (var c in Several(data))
        {
            page.Open("h3").Name(c.Label).Close();
            ForestPlot.Draw(page, [.. Lines(c)], "second-named better", "first-named better");
        }

        var table = HtmlTable.Begin(page, "Each judge in numbers", "comparison", "judge", "#pairs", "#won", "#tied", "#lost", "#win rate", "#95 % interval", "#orders agree", "#incomplete");
        foreach (var c in Several(data))
        {
            Row(table, c, $"majority of {Each(c).Count}", c.Json, Figures.Number(c.Json, "ties", "total"), Figures.Number(c.Json, "n_failed", "total"));
            foreach (var judge in Each(c))
            {
                Row(table, c, Name(judge), judge, Figures.Number(judge, "ties"), Figures.Number(judge, "incomplete"));
            }
        }

        table.End();
        Agreement(page, data);
    }

    private static void Agreement(HtmlWriter page, ReportData data)
    {
        var table = HtmlTable.Begin(page, "How the judges agree", "comparison", "judges", "#pairs", "#seen alike", "#95 % interval", "#kappa", "#95 % interval");
        foreach (var c in Several(data))
        {
            var agreement = Figures.Object(c.Json, "judges", "agreement");
            if (Figures.Object(agreement, "fleiss") is { } fleiss)
            {
                table.Row(
                    c.Label, $"all {Each(c).Count} (Fleiss' kappa)", Figures.Count(Figures.Number(agreement, "judged_by_all")), Figures.Percent(Figures.Number(agreement, "unanimous_share")),
                    Figures.Percent(Figures.Range(agreement, "unanimous_ci95")), Figures.Decimal(Figures.Number(fleiss, "kappa"), "0.00"), Kappa(fleiss, "ci95"));
            }

            foreach (var two in Figures.Items(agreement, "pairs"))
            {
                table.Row(
                    c.Label, $"{Figures.Text(two, "judge1")} and {Figures.Text(two, "judge2")}", Figures.Count(Figures.Number(two, "n")), Figures.Percent(Figures.Number(two, "agreement")),
                    Figures.Percent(Figures.Range(two, "agreement_ci95")), Figures.Decimal(Figures.Number(two, "kappa"), "0.00"), Kappa(two, "kappa_ci95"));
            }
        }

        table.End();
        page.Element("p", "Seen alike: the same of first-named better, tie and second-named better, both orders combined. Kappa is agreement beyond chance: 0 is chance, 1 is always. It is Cohen's for two judges.", ("class", "note"));
    }

    private static void Row(HtmlTable table, ComparisonView c, string judge, JsonNode? figures, double? ties, double? incomplete) => table.Row(
        c.Label, judge, Figures.Count(Figures.Number(figures, "n")), Figures.Count(Figures.Number(figures, "wins")), Figures.Count(ties), Figures.Count(Figures.Number(figures, "losses")),
        Figures.Percent(Figures.Number(figures, "h")), Figures.Percent(Figures.Number(figures, "h") is null ? null : Figures.Range(figures, "ci95")),
        Figures.Percent(Figures.Number(figures, "order_consistency")), Figures.Count(incomplete));

    private static IEnumerable<ForestPlot.Line> Lines(ComparisonView c)
    {
        if (c is { HasData: true, Interval: { } interval })
        {
            yield return new ForestPlot.Line(ForestPlot.Tone(interval), $"majority of {Each(c).Count}", null, $"{c.Label}, majority of the judges: win rate", c.H!.Value, interval);
        }

        foreach (var judge in Each(c))
        {
            if (Figures.Number(judge, "h") is { } h && Figures.Range(judge, "ci95") is { } own)
            {
                yield return new ForestPlot.Line(ForestPlot.Tone(own), Name(judge), null, $"{c.Label}, {Name(judge)} alone: win rate", h, own);
            }
        }
    }

    private static IEnumerable<ComparisonView> Several(ReportData data) => data.Comparisons.Where(c => Each(c).Count > 1);

    private static IReadOnlyList<JsonNode?> Each(ComparisonView c) => Figures.Items(Figures.Object(c.Json, "judges"), "each");

    private static string Name(JsonNode? judge) => Figures.Text(judge, "judge") ?? "?";

    private static string Kappa(JsonNode? node, string name) =>
        Figures.Range(node, name) is { } r ? $"{Figures.Decimal(r.Lower, "0.00")} to {Figures.Decimal(r.Upper, "0.00")}" : Figures.None;
}
