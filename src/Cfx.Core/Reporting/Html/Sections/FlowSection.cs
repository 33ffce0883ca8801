using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>What became of every record on its way to a pair.</summary>
internal sealed class FlowSection : IReportSection
{
    public string Id => "flow";

    public string Title => "From conversations to pairs";

    public bool HasData(ReportData data) => data.Analysis["flow"] is JsonObject { Count: > 0 };

    public void Write(HtmlWriter page, ReportData data)
    {
        var flow = (JsonObject)data.Analysis["flow"]!;
        var steps = Steps(flow, data).Where(s => s.Count is not null).ToList();
        if (steps.Count > 0)
        {
            var widest = Math.Max(1, steps.Max(s => s.Count!.Value));
            page.Open("div", ("class", "scroll"), ("role", "region"), ("aria-label", "Flow of records"), ("tabindex", "0")).Open("table", ("class", "flow"))
                .Element("caption", "Flow of records").Open("thead").Open("tr");
            foreach (var (heading, style) in new[] { ("step", null), ("count", "n"), ("share of the largest", "bars"), ("of which", "w") })
            {
                page.Element("th", heading, ("scope", "col"), ("class", style));
            }

            page.Close().Close().Open("tbody");
            foreach (var (name, count, note) in steps)
            {
                page.Open("tr").Open("th", ("scope", "row")).Name(name).Close().Element("td", Figures.Count(count), ("class", "n")).Open("td", ("class", "bars"));
                SvgChart.Bar(page, count!.Value / widest);
                page.Close().Open("td", ("class", "w")).Name(note).Close().Close().Line();
            }

            page.Close().Close().Close().Line();
        }

        page.Open("details", ("class", "screen-only")).Element("summary", "All counts of the stages");
        if (data.Analysis["flow_table"] is JsonArray { Count: > 0 } rows)
        {
            GenericTables.Rows(page, "Every count, from the first read to the last pair", rows);
        }
        else
        {
            foreach (var (stage, counts) in flow)
            {
                GenericTables.Node(page, stage, counts);
            }
        }

        page.Close();
    }

    private static IEnumerable<(string Name, double? Count, string Note)> Steps(JsonObject flow, ReportData data)
    {
        var filter = flow["Filter"];
        yield return ("Records read", Figures.Number(filter, "read"), Join(Figures.Object(filter, "rejected"), "rejected", data));
        yield return ("Kept by their feedback", Figures.Number(filter, "kept", "total"), Parts(Figures.Object(filter, "kept")));
        var split = Figures.Object(flow, "Split", "items");
        yield return ("Items split", Figures.Number(split, "total"), Parts(split));
        var prepare = Figures.Object(flow, "Prepare");
        foreach (var (arm, counts) in Figures.Object(prepare, "arms") ?? [])
        {
            yield return ($"Trained on: {arm}", Figures.Number(counts, "training"), $"{Figures.Count(Figures.Number(counts, "validation"))} more for validation; left out of every arm: {LeftOut(prepare)}");
        }

        foreach (var c in data.Comparisons)
        {
            yield return ($"Pairs: {c.Label}", c.N, c.Number("n_failed", "total") is > 0 and var failed ? $"{Figures.Count(failed)} incomplete" : "all complete");
        }
    }

    private static string LeftOut(JsonObject? prepare)
    {
        var reasons = (Figures.Object(prepare, "left_out") ?? []).Where(m => m.Value is JsonObject)
            .Select(m => $"{string.Join(" and ", m.Value!.AsObject().Select(r => $"{Figures.Value(r.Value)} {Figures.Words(r.Key)}"))} in {m.Key}");
        return $"{Figures.Count(Figures.Number(prepare, "left_out_items") ?? 0)}" + (string.Join(", ", reasons) is { Length: > 0 } text ? $" ({text})" : string.Empty);
    }

    private static string Join(JsonObject? counts, string word, ReportData data) =>
        string.Join(", ", new[]
        {
            Figures.Number(counts, "total") is > 0 and var rejected ? $"{Figures.Count(rejected)} {word}" : null,
            Figures.Number(data.Analysis, "flow", "Filter", "left_out", "total") is > 0 and var left ? $"{Figures.Count(left)} of other categories" : null,
            Figures.Number(data.Analysis, "flow", "Filter", "duplicates") is > 0 and var twice ? $"{Figures.Count(twice)} repeated" : null,
        }.Where(t => t is not null));

    private static string Parts(JsonObject? counts) =>
        string.Join(", ", (counts ?? []).Where(c => c.Key != "total" && Figures.Number(c.Value) is not null).Select(c => $"{Figures.Count(Figures.Number(c.Value))} {Figures.Words(c.Key)}"));
}
