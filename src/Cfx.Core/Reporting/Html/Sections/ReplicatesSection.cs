namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>How much results vary from one training of an arm to the next.</summary>
internal sealed class ReplicatesSection : IReportSection
{
    public string Id => "replicates";

    public string Title => "From one training to the next";

    public bool HasData(ReportData data) => data.HasReplicates;

    public void Write(HtmlWriter page, ReportData data)
    {
        page.Element("p", "The same arm trained again with other seeds, everything else equal. An effect that is not clearly larger than this spread may be chance in training.", ("class", "lead"));
        var table = HtmlTable.Begin(page, "Win rates over trainings", "comparison", "#trainings", "win rates", "#mean", "#standard deviation");
        foreach (var spread in Figures.Items(data.Analysis, "replicates"))
        {
            table.Row(
                $"{Figures.Text(spread, "model1")} vs {Figures.Text(spread, "model2")}", Figures.Count(Figures.Number(spread, "trainings")),
                string.Join(", ", Figures.Items(spread, "win_rates").Select(w => Figures.Percent(Figures.Number(w)))),
                Figures.Percent(Figures.Number(spread, "mean")), Figures.Percent(Figures.Number(spread, "sd")));
        }

        table.End();
    }
}
