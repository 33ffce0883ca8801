using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Planning;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Plan)]
[TaskDescription("Shows what a study still buys, with prices, times and what it can show, before anything is spent")]
[OptionSections("study", "split", "process", "finetune", "respond", "evaluate")]
internal sealed class PlanTask(StudyForecast forecast, StudyMoney money) : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var plan = await forecast.PredictAsync(context.Cancelled);
        PlanReport.Show(context.Console, plan, money.LimitUsd);
        await PlanReport.WriteAsync(context.Run, plan, money.LimitUsd, context.Cancelled);
        context.Report.Executed($"{plan.Lines.Sum(l => l.NewCalls)} calls to make; {Path.GetRelativePath(context.Run.Root, PlanReport.PathOf(context.Run))}");
    }
}
