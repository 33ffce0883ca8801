using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.EvaluateBaseVsAlternative)]
[TaskDescription("Compares the base model with the alternative arm")]
[IsDependentOn(typeof(RespondTask))]
[OptionSections("evaluate")]
internal sealed class EvaluateBaseVsAlternativeTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => EvaluateUnit.ForTarget(Study, StageTargets.EvaluateBaseVsAlternative);
}
