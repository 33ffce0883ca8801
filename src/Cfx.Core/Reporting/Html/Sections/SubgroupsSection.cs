namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>The win rate within groups of pairs.</summary>
internal sealed class SubgroupsSection : IReportSection
{
    public string Id => "subgroups";

    public string Title => "Groups (exploratory)";

    public bool HasData(ReportData data) => data.Comparisons.Any(c => Figures.Items(c.Json, "subgroups").Count > 0);

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "Exploratory: these groups were not planned and their intervals are not adjusted for their number. They may suggest a question, not answer one.", ("class", "lead"));
        foreach (var c in data.Comparisons.Where(c => Figures.Items(c.Json, "subgroups").Count > 0))
        {
            page.Open("details", ("class", "printed-open")).Open("summary").Name(c.Label).Close();
            var table = HtmlTable.Begin(page, $"Groups of {c.Label}", "by", "group", "#pairs", "#won", "#tied", "#lost", "#win rate", "#95 % interval", "#p that all are equal");
            foreach (var dimension in Figures.Items(c.Json, "subgroups"))
            {
                foreach (var group in Figures.Items(dimension, "groups"))
                {
                    table.Row(
                        Figures.Words(Figures.Text(dimension, "dimension") ?? "?"), Figures.Text(group, "group") ?? "?", Count("n"), Count("wins"), Count("ties"), Count("losses"),
                        Figures.Percent(Figures.Number(group, "h")), Figures.Percent(Figures.Range(group, "ci95")), Figures.P(Figures.Number(dimension, "heterogeneity_p")));

                    string Count(string name) => Figures.Count(Figures.Number(group, name));
                }
            }

            table.End();
            page.Close();
        }
    }
}
