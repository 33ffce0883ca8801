using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Build.Host;
using Cfx.Core.Artifacts;
using Cfx.Together.Store;

namespace Cfx.Build.Composition.Planning;

/// <summary>Shows a plan, and writes it to plan.json.</summary>
internal static class PlanReport
{
    // What the study's statistics expect once both orders are combined.
    private static readonly double[] TieRates = [0.3, 0.5];

    public static string PathOf(StudyRun run) => Path.Combine(run.Layout.ResultsFolder, "plan.json");

    public static async Task WriteAsync(StudyRun run, StudyPrediction plan, decimal? budgetUsd, CancellationToken cancellationToken)
    {
        PrivateFolder.Create(run.Layout.ResultsFolder);
        await AtomicFile.WriteBytesAsync(PathOf(run), JsonText.Indented(ToJson(plan, budgetUsd, run.Time.GetUtcNow())), cancellationToken);
    }

    public static void Show(HostConsole console, StudyPrediction plan, decimal? budgetUsd)
    {
        console.WriteLine($"Plan of study '{plan.Study}' at {plan.Provider}: what is still to be bought");
        console.WriteLine();
        TextTable.Write(
            console,
            ["Target", "What", "Calls", "In store", "Tokens in", "Tokens out", "USD", "low to high", "as batch", "Time"],
            [
                .. plan.Lines.Select(l => new[]
                {
                    l.Target, l.What, l.Calls == 0 ? "" : Count(l.Calls), l.Stored is { } stored ? Count(stored) : l.Calls == 0 ? "" : "not known", Count(l.TokensIn.Expected),
                    Count(l.TokensOut.Expected), Usd(l.Usd?.Expected), Span(l.Usd), Usd(l.BatchUsd?.Expected), Time(l.Time),
                }),
                ["all", "", Count(plan.Lines.Sum(l => l.Calls)), "", "", "", Total(plan, plan.Total.Expected), Span(plan.Total), Total(plan, plan.BatchTotal.Expected), Time(Whole(plan)) + (plan.Lines.Any(l => l.Time is null) ? " + not known" : "")],
            ]);
        console.WriteLine();
        foreach (var method in plan.Lines.GroupBy(l => (l.Method, l.PriceSource)))
        {
            console.WriteLine($"{string.Join(", ", method.Select(l => l.Target).Distinct(StringComparer.Ordinal))}: {method.Key.Method}; price: {method.Key.PriceSource ?? "not known"}");
        }

        foreach (var note in plan.Notes)
        {
            console.WriteLine(note);
        }

        console.WriteLine();
        console.WriteLine($"Spent so far: {BudgetWords.Parts(plan.Spent)}. Budget: {(budgetUsd is { } b ? BudgetWords.Money(b) : "none")}.");
        foreach (var tieRate in TieRates)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"With {plan.TestContexts} test contexts and {tieRate * 100:0} % ties, differences of {Points(plan.Detectable(tieRate))} of the win rate from 50 % can be seen ({plan.Comparisons} comparisons, power 80 %)."));
        }

        foreach (var caution in plan.Cautions)
        {
            console.WriteLine($"{console.Colour("caution", 33)}  {caution.Text}");
        }
    }

    private static JsonObject ToJson(StudyPrediction plan, decimal? budgetUsd, DateTimeOffset now) => new()
    {
        ["schema_version"] = 1,
        ["study"] = plan.Study,
        ["provider"] = plan.Provider,
        ["made_at"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["targets"] = new JsonArray(
        [
            .. plan.Lines.Select(l => new JsonObject
            {
                ["target"] = l.Target,
                ["what"] = l.What,
                ["calls"] = l.Calls,
                ["calls_in_store"] = l.Stored,
                ["tokens_in"] = Json(l.TokensIn),
                ["tokens_out"] = Json(l.TokensOut),
                ["usd"] = Json(l.Usd),
                ["usd_as_batch"] = Json(l.BatchUsd),
                ["seconds"] = l.Time?.TotalSeconds,
                ["method"] = l.Method,
                ["price_source"] = l.PriceSource,
            }),
        ]),
        ["total_usd"] = Json(plan.Total),
        ["total_usd_as_batch"] = Json(plan.BatchTotal),
        ["unknown_prices"] = new JsonArray([.. plan.Unknown.Select(l => (JsonNode)$"{l.Target}: {l.What}")]),
        ["spent"] = new JsonObject
        {
            ["settled_usd"] = plan.Spent.SettledUsd,
            ["set_aside_usd"] = plan.Spent.SetAsideUsd,
            ["unconfirmed_usd"] = plan.Spent.UnconfirmedUsd,
            ["without_known_price"] = plan.Spent.Unpriced,
        },
        ["budget_usd"] = budgetUsd,
        ["test_contexts"] = plan.TestContexts,
        ["detectable_effect"] = new JsonArray(
            [.. TieRates.Select(t => new JsonObject { ["tie_rate"] = t, ["win_rate_difference"] = plan.Detectable(t) })]),
        ["cautions"] = new JsonArray([.. plan.Cautions.Select(c => (JsonNode)c.Text)]),
        ["notes"] = new JsonArray([.. plan.Notes.Select(n => (JsonNode)n)]),
    };

    private static JsonObject? Json(PlanRange? range) => range is null ? null : new JsonObject
    {
        ["low"] = decimal.Round(range.Low, 6),
        ["expected"] = decimal.Round(range.Expected, 6),
        ["high"] = decimal.Round(range.High, 6),
    };

    private static TimeSpan Whole(StudyPrediction plan) => plan.Lines.Aggregate(TimeSpan.Zero, (sum, l) => sum + (l.Time ?? TimeSpan.Zero));

    private static string Count(decimal number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Usd(decimal? usd) => usd?.ToString(usd is > 0 and < 0.1m ? "0.0000" : "0.00", CultureInfo.InvariantCulture) ?? "not known";

    private static string Total(StudyPrediction plan, decimal usd) => Usd(usd) + (plan.Unknown.Count > 0 ? " + not known" : "");

    private static string Span(PlanRange? range) => range is null || range == PlanRange.Zero ? "" : $"{Usd(range.Low)} to {Usd(range.High)}";

    private static string Points(double? effect) =>
        effect is { } e ? string.Create(CultureInfo.InvariantCulture, $"{e * 100:0.0} points or more") : "no size";

    private static string Time(TimeSpan? time) => time switch
    {
        null => "not known",
        { TotalMinutes: < 1 } t => string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0} s"),
        { TotalHours: < 2 } t => string.Create(CultureInfo.InvariantCulture, $"{t.TotalMinutes:0} min"),
        { } t => string.Create(CultureInfo.InvariantCulture, $"{t.TotalHours:0.0} h"),
    };
}
