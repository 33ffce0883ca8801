namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>How it was measured, to be quoted.</summary>
internal sealed class MethodsSection : IReportSection
{
    public string Id => "methods";

    public string Title => "Methods";

    public bool HasData(ReportData data) => data.Comparisons.Count > 0;

    public void Write(HtmlWriter page, ReportData data)
    {
        if (Paragraphs(data) is { Count: > 0 } written)
        {
            foreach (var paragraph in written)
            {
                page.Open("p", ("class", "data")).Name(paragraph).Close();
            }

            return;
        }

        page.Element("p", "Each arm answered each test context once. The judge saw each pair in both orders; an arm wins a pair only if it wins in both, and every other pair with two verdicts is a tie. "
            + $"The test is the exact two-sided sign test on won and lost pairs, adjusted by Holm for the {data.Comparisons.Count} planned comparisons. "
            + "Intervals: Student's t for the win rate, Wilson's for the decided pairs. Incomplete pairs are in no rate; the bounds count all of them as lost, then as won.");
    }

    private static List<string> Paragraphs(ReportData data)
    {
        var node = data.Analysis["methods"];
        var text = PageJson.Text(node) ?? Figures.Text(node, "paragraph") ?? Figures.Text(node, "text");
        var references = Figures.Items(node, "references").Concat(Figures.Items(node, "citations")).Select(r => PageJson.Text(r)).OfType<string>();
        return text is null ? [] : [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries), .. references];
    }
}
