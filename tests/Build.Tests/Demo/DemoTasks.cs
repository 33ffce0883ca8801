using Cake.Frosting;
using Cfx.Build.Options;

namespace Build.Tests.Demo;

[TaskName("Filter")]
[TaskDescription("Keeps what can be used.")]
[OptionSections("filter", "study")]
public sealed class FilterTask : DemoStage;

[TaskName("Split")]
[TaskDescription("Draws train, validation and test.")]
[OptionSections("split")]
[IsDependentOn(typeof(FilterTask))]
public sealed class SplitTask : DemoStage;

[TaskName("Process-Feedback")]
[OptionSections("process")]
[IsDependentOn(typeof(SplitTask))]
public sealed class ProcessFeedbackTask : DemoStage;

[TaskName("Process")]
[TaskDescription("Writes improved answers.")]
[OptionSections("process")]
[IsDependentOn(typeof(ProcessFeedbackTask))]
[StandsAloneWith("process", "input")]
public sealed class ProcessTask : FrostingTask<DemoContext>;

[TaskName("FineTune")]
[TaskDescription("Trains.")]
[OptionSections("finetune")]
[IsDependentOn(typeof(ProcessTask))]
public sealed class FineTuneTask : DemoStage
{
    protected override bool Changed => true;
}

[TaskName("Evaluate")]
[TaskDescription("Judges.")]
[OptionSections("evaluate")]
[IsDependentOn(typeof(FineTuneTask))]
public sealed class EvaluateTask : DemoStage
{
    protected override bool Changed => true;
}

[TaskName("Study")]
[TaskDescription("All of it.")]
[OptionSections("study")]
[IsDependentOn(typeof(EvaluateTask))]
public sealed class StudyTask : FrostingTask<DemoContext>;

[TaskName("Wait")]
[TaskDescription("Waits until it is told to stop.")]
public sealed class WaitTask : AsyncFrostingTask<DemoContext>
{
    public override async Task RunAsync(DemoContext context)
    {
        context.Console.WriteLine("waiting");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.Cancellation.Token);
    }
}
