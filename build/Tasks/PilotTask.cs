using System.Globalization;
using System.Text.Json.Nodes;
using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Planning;
using Cfx.Build.Options;
using Cfx.Core.Artifacts;
using Cfx.Together.Store;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Pilot)]
[TaskDescription("Takes a few conversations through everything but training, and tells rates, costs and the study's projected total")]
[IsDependentOn(typeof(SplitTask))]
[OptionSections("study", "split", "process", "finetune", "respond", "evaluate")]
internal sealed class PilotTask(StudyForecast forecast, StudyMoney money) : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var run = context.Run;
        await run.Preflight.RequireAsync(context.Cancelled);
        var result = await new PilotRun(run, money).RunAsync((int)run.Options.WholeNumber("study", "pilot"), context.Cancelled);
        var plan = await forecast.PredictAsync(context.Cancelled);
        var console = context.Console;
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Pilot: {result.Items} items, {result.Contexts} test contexts, {result.Pairs} pairs; {BudgetWords.Money(result.SpentUsd)} spent"));
        console.WriteLine($"declined              {Percent(result.DeclineRate)} of {result.Rewritten} rewrites ({result.Unusable} more could not be used)");
        console.WriteLine($"no clear verdict      {Percent(result.ParseFailureRate)} of {result.Judgments} judgments");
        console.WriteLine($"orders disagree       {Percent(result.OrderDisagreement)} of {result.Pairs} pairs");
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"tokens a call         {Mean(result.PromptTokens, result.Calls):0} read, {Mean(result.CompletionTokens, result.Calls):0} written"));
        console.WriteLine(result.TieRate is { } ties && plan.Detectable(ties) is { } effect
            ? string.Create(CultureInfo.InvariantCulture, $"detectable            {effect * 100:0.0} points or more, at the pilot's {ties * 100:0} % ties and {plan.TestContexts} test contexts")
            : "detectable            nothing, at the pilot's share of ties");
        console.WriteLine();
        PlanReport.Show(console, plan, money.LimitUsd);
        var path = Path.Combine(PilotRun.FolderOf(run), "pilot.json");
        await AtomicFile.WriteBytesAsync(path, JsonText.Indented(ToJson(result, plan)), context.Cancelled);
        context.Report.Executed($"{BudgetWords.Money(result.SpentUsd)} spent; {Path.GetRelativePath(run.Root, path)}");
    }

    private static JsonObject ToJson(PilotResult result, StudyPrediction plan) => new()
    {
        ["schema_version"] = 1,
        ["items"] = result.Items,
        ["rewritten"] = result.Rewritten,
        ["declined"] = result.Declined,
        ["decline_rate"] = result.DeclineRate,
        ["unusable"] = result.Unusable,
        ["test_contexts"] = result.Contexts,
        ["answered"] = result.Answered,
        ["pairs"] = result.Pairs,
        ["judgments"] = result.Judgments,
        ["parse_failure_rate"] = result.ParseFailureRate,
        ["order_disagreement_rate"] = result.OrderDisagreement,
        ["tie_rate"] = result.TieRate,
        ["prompt_tokens"] = result.PromptTokens,
        ["completion_tokens"] = result.CompletionTokens,
        ["spent_usd"] = result.SpentUsd,
        ["projected_total_usd"] = new JsonObject
        {
            ["low"] = plan.Spent.TotalUsd + plan.Total.Low,
            ["expected"] = plan.Spent.TotalUsd + plan.Total.Expected,
            ["high"] = plan.Spent.TotalUsd + plan.Total.High,
            ["lines_without_a_price"] = plan.Unknown.Count,
        },
    };

    private static double Mean(long tokens, int calls) => calls == 0 ? 0 : (double)tokens / calls;

    private static string Percent(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s * 100:0.0} %") : "not known";
}
