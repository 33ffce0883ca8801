using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Process)]
[TaskDescription("Improves the conversations by every method of the study, or by one given with --method")]
[IsDependentOn(typeof(SplitTask))]
[IsDependentOn(typeof(ProcessFeedbackTask))]
[IsDependentOn(typeof(ProcessAlternativeTask))]
[OptionSections("process")]
[StandsAloneWith("process", "input")]
[StandsAloneWith("process", "method", typeof(SplitTask))]
[StandsAloneWith("process", "output", typeof(SplitTask))]
internal sealed class ProcessTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => ProcessTargets.AllMethods(Study);
}
