namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>What each stage took.</summary>
internal sealed class CostSection : IReportSection
{
    public string Id => "cost";

    public string Title => "Cost and time";

    public bool HasData(ReportData data) => data.Stages.Count > 0;

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "Tokens and dollars are those of the answers that each artifact is made of, as they were bought, in this run or an earlier one; the time is that of the run that made it. "
            + "An answer that several artifacts use counts in each, so the sum may pass what was spent. What was spent is in the ledger (--target=Store).", ("class", "lead"));
        var table = HtmlTable.Begin(page, "Cost and time by stage", "stage", "provider", "#prompt tokens", "#completion tokens", "#time", "#US dollars");
        foreach (var run in data.Stages)
        {
            var m = run.Manifest;
            table.Row(
                run.Name, m.Provider.Length == 0 ? "no model asked" : m.Provider, Figures.Count(m.Cost.PromptTokens), Figures.Count(m.Cost.CompletionTokens),
                Figures.Duration(m.Duration.TotalSeconds), m.Provider.Length == 0 ? Figures.None : Figures.Usd((double?)m.Cost.Usd));
        }

        table.Row(
            "All stages", string.Empty, Figures.Count(data.Stages.Sum(s => s.Manifest.Cost.PromptTokens ?? 0)), Figures.Count(data.Stages.Sum(s => s.Manifest.Cost.CompletionTokens ?? 0)),
            Figures.Duration(data.Stages.Sum(s => s.Manifest.Duration.TotalSeconds)), Figures.Usd(data.Usd));
        table.End();
    }
}
