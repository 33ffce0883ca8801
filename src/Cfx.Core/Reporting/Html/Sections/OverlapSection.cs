namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>Whether the test was seen in training.</summary>
internal sealed class OverlapSection : IReportSection
{
    public string Id => "leakage";

    public string Title => "Overlap of test and training";

    public bool HasData(ReportData data) => Figures.Object(data.Analysis, "leakage") is not null;

    public void Write(HtmlWriter page, ReportData data)
    {
        var leakage = Figures.Object(data.Analysis, "leakage");
        page.Element("p", "A test context that is also trained on says nothing about an arm. Each was looked for in everything that training read.", ("class", "lead"));
        var table = HtmlTable.Begin(page, "Test contexts in training", "what", "#test contexts", "#share");
        double? contexts = Figures.Number(leakage, "test_contexts"), overlapping = Figures.Number(leakage, "overlapping"), near = Figures.Number(leakage, "near_duplicates");
        table.Row("all", Figures.Count(contexts), Figures.Percent(contexts > 0 ? 1 : null));
        table.Row("found in training: left out of the comparisons", Figures.Count(overlapping), Figures.Percent(overlapping / contexts));
        table.Row("nearly repeat one that was trained on: kept", Figures.Count(near), Figures.Percent(near / contexts));
        table.End();
        foreach (var mark in Figures.Items(leakage, "marks"))
        {
            page.Open("p", ("class", "mark")).Name(PageJson.Text(mark)).Close();
        }

        var with = Figures.Items(leakage, "with_overlap");
        if (with.Count > 0)
        {
            var rows = HtmlTable.Begin(page, "The comparisons with these contexts left in", "comparison", "#pairs", "#win rate", "#95 % interval", "#p");
            foreach (var c in with)
            {
                rows.Row(
                    $"{Figures.Text(c, "model1")} vs {Figures.Text(c, "model2")}", Figures.Count(Figures.Number(c, "n")), Figures.Percent(Figures.Number(c, "h")),
                    Figures.Percent(Figures.Range(c, "ci95")), Figures.P(Figures.Number(c, "primary_p")));
            }

            rows.End();
        }

        var pairs = Figures.Items(leakage, "near_duplicate_pairs");
        if (pairs.Count > 0)
        {
            var close = HtmlTable.Begin(page, "The closest of those that are kept", "item", "#similarity", "place", "~test", "~training");
            foreach (var pair in pairs)
            {
                close.Row(
                    Figures.Text(pair, "item_id") ?? Figures.None, Figures.Decimal(Figures.Number(pair, "similarity"), "0.00"), Figures.Text(pair, "place") ?? Figures.None,
                    Figures.Text(pair, "test_text") ?? Figures.None, Figures.Text(pair, "training_text") ?? Figures.None);
            }

            close.End();
        }

        if (Figures.Items(leakage, "left_out") is { Count: > 0 } items)
        {
            page.Open("p", ("class", "data")).Text("Left out: ").Name(string.Join(", ", items.Select(i => PageJson.Text(i)))).Close();
        }
    }
}
