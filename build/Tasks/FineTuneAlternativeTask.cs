using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.FineTuneAlternative)]
[TaskDescription("Trains the arm 'alternative'")]
[IsDependentOn(typeof(PrepareTask))]
[OptionSections("finetune")]
internal sealed class FineTuneAlternativeTask(StudyContext context) : FineTuneStageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => FineTuneUnit.ForTarget(Study, StageTargets.FineTuneAlternative);
}
