using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.EvaluateFeedbackVsAlternative)]
[TaskDescription("Compares the feedback arm with the alternative arm")]
[IsDependentOn(typeof(RespondTask))]
[OptionSections("evaluate")]
internal sealed class EvaluateFeedbackVsAlternativeTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => EvaluateUnit.ForTarget(Study, StageTargets.EvaluateFeedbackVsAlternative);
}
