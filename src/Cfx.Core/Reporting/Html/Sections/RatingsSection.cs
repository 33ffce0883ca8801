using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>All arms on one scale.</summary>
internal sealed class RatingsSection : IReportSection
{
    public string Id => "ratings";

    public string Title => "Ratings";

    public bool HasData(ReportData data) => Figures.Object(data.Analysis, "davidson") is not null;

    public void Write(HtmlWriter page, ReportData data)
    {
        var davidson = Figures.Object(data.Analysis, "davidson")!;
        page.Element("p", "Davidson's model (Bradley–Terry with ties) over all comparisons. Elo points above the untrained arm; the interval resamples conversations.", ("class", "lead"));
        var arms = Arms(davidson);
        if (arms.Count > 0)
        {
            Draw(page, arms);
            var table = HtmlTable.Begin(page, "Ratings in numbers", "arm", "#Elo", "#95 % interval", "#theta");
            foreach (var (name, elo, range, theta) in arms)
            {
                table.Row(name, Figures.Decimal(elo, "0.0"), range is not { } r || r.Lower == r.Upper ? Figures.None : $"{Figures.Decimal(r.Lower, "0.0")} to {Figures.Decimal(r.Upper, "0.0")}", Figures.Decimal(theta));
            }

            table.End();
        }

        Contrasts(page, davidson);
        page.Open("details", ("class", "screen-only")).Element("summary", "How well the ratings fit");
        HtmlTable.Fields(page, "The ratings' model", Figures.Flat(davidson).Where(f =>
            !f.Name.Contains("theta", StringComparison.Ordinal) && !f.Name.Contains("elo", StringComparison.Ordinal) && f.Name is not ("ci" or "arms" or "se")));
        page.Close();
    }

    private static void Contrasts(HtmlWriter page, JsonObject davidson)
    {
        var contrasts = Figures.Items(davidson, "contrasts");
        if (contrasts.Count == 0)
        {
            return;
        }

        var table = HtmlTable.Begin(page, "Arms against each other", "arms", "#Elo points", "#95 % interval", "#expected win rate", "#95 % interval");
        foreach (var c in contrasts)
        {
            table.Row(
                $"{Figures.Text(c, "first")} vs {Figures.Text(c, "second")}", Figures.Signed(Figures.Number(c, "elo"), "0"),
                Figures.Range(c, "elo_ci95") is { } r ? $"{Figures.Signed(r.Lower, "0")} to {Figures.Signed(r.Upper, "0")}" : Figures.None,
                Figures.Percent(Figures.Number(c, "expected_score")), Figures.Percent(Figures.Range(c, "expected_score_ci95")));
        }

        table.End();
    }

    private static void Draw(HtmlWriter page, IReadOnlyList<(string Name, double? Elo, (double Lower, double Upper)? Range, double? Theta)> arms)
    {
        var ends = arms.SelectMany(a => new[] { a.Elo ?? 0, a.Range?.Lower ?? 0, a.Range?.Upper ?? 0 }).ToList();
        var reach = Math.Max(25, Math.Ceiling(ends.Max(Math.Abs) / 25) * 25);
        page.Open("div", ("class", "forest"));
        foreach (var (name, elo, range, _) in arms.Where(a => a.Elo is not null))
        {
            page.Open("div", ("class", "row open")).Open("div", ("class", "label")).Open("strong").Name(name).Close().Close().Open("div", ("class", "plot"));
            SvgChart.Interval(page, $"{name}: {Figures.Decimal(elo, "0.0")} Elo points", (-reach, reach), 0, elo!.Value, range ?? (elo.Value, elo.Value), null);
            page.Close().Open("div", ("class", "value")).Element("strong", Figures.Decimal(elo, "0")).Text(" ")
                .Element("span", range is not { } r || r.Lower == r.Upper ? string.Empty : $"{Figures.Decimal(r.Lower, "0")} to {Figures.Decimal(r.Upper, "0")}").Close().Close().Line();
        }

        page.Open("div", ("class", "row foot")).Open("div", ("class", "label")).Close().Open("div", ("class", "plot"));
        SvgChart.Axis(page, (-reach, reach), [.. new[] { -1, -0.5, 0, 0.5, 1 }.Select(s => (s * reach, Figures.Decimal(s * reach, "0")))]);
        page.Close().Open("div", ("class", "value")).Close().Close().Close().Line();
    }

    // The arms stand in a list of their own, beside lists of figures, or as names under each figure.
    private static List<(string Name, double? Elo, (double Lower, double Upper)? Range, double? Theta)> Arms(JsonObject davidson)
    {
        if (davidson["arms"] is JsonArray list && list.Count > 0 && list.All(a => a is JsonObject))
        {
            return
            [
                .. list.OfType<JsonObject>().Select(a => (
                    Figures.Text(a, "arm") ?? Figures.Text(a, "name") ?? "?", Figures.Number(a, "elo"),
                    Figures.Range(a, "elo_ci95") ?? Figures.Range(a, "elo_ci") ?? Figures.Range(a, "ci95") ?? Figures.Range(a, "ci"), Figures.Number(a, "theta"))),
            ];
        }

        if (davidson["arms"] is JsonArray names)
        {
            return [.. names.Select((name, i) => (
                PageJson.Text(name) ?? "?", Figures.Number(Figures.Item(davidson, "elo", i)), Figures.Range(Figures.Item(davidson, "ci", i)),
                Figures.Number(Figures.Item(davidson, "theta", i))))];
        }

        return Figures.Object(davidson, "elo") is { } elo
            ? [.. elo.Select(e => (e.Key, Figures.Number(e.Value), Figures.Range(davidson, "ci", e.Key), Figures.Number(davidson, "theta", e.Key)))]
            : [];
    }
}
