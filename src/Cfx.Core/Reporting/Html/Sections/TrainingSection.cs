using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>Each arm's training: its losses by step, and what it was trained with.</summary>
internal sealed class TrainingSection : IReportSection
{
    private const int MostPoints = 240;

    public string Id => "training";

    public string Title => "Training";

    public bool HasData(ReportData data) => data.Jobs.Count > 0;

    public void Write(HtmlWriter page, ReportData data)
    {
        var curves = data.Jobs.Select(Curve).ToList();
        var all = curves.SelectMany(c => c).SelectMany(p => new[] { p.Train, p.Valid }).OfType<double>().ToList();
        if (all.Count > 0)
        {
            page.Open("p", ("class", "lead")).Text("Loss by step: ").Element("span", "training", ("class", "key train")).Text(" and ")
                .Element("span", "validation", ("class", "key valid")).Text(". All charts share one scale.").Close().Open("div", ("class", "charts"));
            for (var i = 0; i < curves.Count; i++)
            {
                Chart(page, Arm(data.Jobs[i]), curves[i], all.Min(), all.Max());
            }

            page.Close();
        }

        var table = HtmlTable.Begin(page, "Jobs", "arm", "base model", "#examples", "#validation", "#tokens", "#first loss", "#last loss", "#last validation loss", "~settings", "status");
        for (var i = 0; i < curves.Count; i++)
        {
            var job = data.Jobs[i];
            table.Row(
                Arm(job), Figures.Text(job, "base_model") ?? Figures.None, Figures.Count(Figures.Number(job, "training_file", "examples")),
                Figures.Count(Figures.Number(job, "validation_file", "examples")), Figures.Count(Figures.Number(job, "token_count")),
                Figures.Decimal(curves[i].Select(p => p.Train).FirstOrDefault(t => t is not null)), Figures.Decimal(curves[i].Select(p => p.Train).LastOrDefault(t => t is not null)),
                Figures.Decimal(curves[i].Select(p => p.Valid).LastOrDefault(t => t is not null)),
                string.Join(", ", (Figures.Object(job, "hyperparameters") ?? []).Select(h => $"{Figures.Words(h.Key)} {Figures.Value(h.Value)}")), Figures.Text(job, "status") ?? Figures.None);
        }

        table.End();
        foreach (var (job, curve) in data.Jobs.Zip(curves).Where(p => p.Second.Count > 0))
        {
            page.Open("details", ("class", "screen-only")).Open("summary").Text("Losses of ").Name(Arm(job)).Text(" in numbers").Close();
            var numbers = HtmlTable.Begin(page, $"Losses of {Arm(job)} by step", "#step", "#training loss", "#validation loss");
            foreach (var (step, train, valid) in curve)
            {
                numbers.Row(Figures.Count(step), Figures.Decimal(train, "0.0000"), Figures.Decimal(valid, "0.0000"));
            }

            numbers.End();
            page.Close();
        }
    }

    private static void Chart(HtmlWriter page, string arm, List<(double Step, double? Train, double? Valid)> curve, double least, double most)
    {
        if (curve.Count == 0)
        {
            return;
        }

        var from = curve[0].Step;
        var steps = Math.Max(1, curve[^1].Step - from);
        var span = most > least ? most - least : 1;
        (double X, double Y) Place(double step, double loss) => ((step - from) / steps * 0.98 + 0.01, (loss - least) / span);
        var lastValid = curve.LastOrDefault(p => p.Valid is not null).Valid;
        page.Open("figure").Open("figcaption").Open("strong").Name(arm).Close().Text($" · {Figures.Count(curve[^1].Step)} steps").Close();
        SvgChart.Curves(
            page, $"{arm}: training loss from {Figures.Decimal(curve[0].Train)} to {Figures.Decimal(curve[^1].Train)}"
                + (lastValid is { } loss ? $", validation loss at last {Figures.Decimal(loss)}" : string.Empty),
            [
                ("train", [.. curve.Where(p => p.Train is not null).Select(p => Place(p.Step, p.Train!.Value))]),
                ("valid", [.. curve.Where(p => p.Valid is not null).Select(p => Place(p.Step, p.Valid!.Value))]),
            ],
            [(0, Figures.Decimal(least, "0.00")), (0.5, Figures.Decimal((least + most) / 2, "0.00")), (1, Figures.Decimal(most, "0.00"))]);
        page.Close().Line();
    }

    private static string Arm(JsonObject job) => Figures.Text(job, "arm") ?? "?";

    // A long training is thinned evenly; what was validated stays.
    private static List<(double Step, double? Train, double? Valid)> Curve(JsonObject job)
    {
        var points = Figures.Items(job, "curve").OfType<JsonObject>()
            .Select(p => (Step: Figures.Number(p, "step"), Train: Figures.Number(p, "train_loss"), Valid: Figures.Number(p, "eval_loss")))
            .Where(p => p.Step is not null).Select(p => (p.Step!.Value, p.Train, p.Valid)).ToList();
        var every = (points.Count + MostPoints - 1) / MostPoints;
        return every <= 1 ? points : [.. points.Where((p, i) => i % every == 0 || i == points.Count - 1 || p.Valid is not null)];
    }
}
