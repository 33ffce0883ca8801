using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.FineTuneFeedback)]
[TaskDescription("Trains the arm 'feedback'")]
[IsDependentOn(typeof(PrepareTask))]
[OptionSections("finetune")]
internal sealed class FineTuneFeedbackTask(StudyContext context) : FineTuneStageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => FineTuneUnit.ForTarget(Study, StageTargets.FineTuneFeedback);
}
