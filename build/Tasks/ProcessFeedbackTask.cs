using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.ProcessFeedback)]
[TaskDescription("Rewrites disliked answers with the users' feedback")]
[IsDependentOn(typeof(SplitTask))]
[OptionSections("process")]
[StandsAloneWith("process", "input")]
internal sealed class ProcessFeedbackTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => ProcessTargets.OneMethod(Study, StageTargets.ProcessFeedback, "feedback");
}
