using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.EvaluateBaseVsFeedback)]
[TaskDescription("Compares the base model with the feedback arm")]
[IsDependentOn(typeof(RespondTask))]
[OptionSections("evaluate")]
internal sealed class EvaluateBaseVsFeedbackTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => EvaluateUnit.ForTarget(Study, StageTargets.EvaluateBaseVsFeedback);
}
