namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>What speaks against reading the numbers too quickly.</summary>
internal sealed class CautionsSection : IReportSection
{
    public string Id => "cautions";

    public string Title => "Deviations and warnings";

    public bool HasData(ReportData data) => All(data).Any();

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Open("ul", ("class", "cautions"));
        foreach (var (about, text) in All(data))
        {
            page.Open("li");
            if (about is not null)
            {
                page.Open("strong").Name(about).Close().Text(": ");
            }

            page.Name(text).Close().Line();
        }

        page.Close();
    }

    private static IEnumerable<(string? About, string Text)> All(ReportData data) =>
    [
        .. data.Comparisons.SelectMany(c => c.Warnings.Select(w => ((string?)c.Label, w))),
        .. Texts(data, "deviations"),
        .. Texts(data, "warnings"),
    ];

    private static IEnumerable<(string? About, string Text)> Texts(ReportData data, string name) =>
        Figures.Items(data.Analysis, name).Select(w => PageJson.Text(w)).OfType<string>().Select(w => ((string?)null, w));
}
