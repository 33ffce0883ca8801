using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.FineTune)]
[TaskDescription("Trains every arm, or a model on the file given with --input")]
[IsDependentOn(typeof(FineTuneFeedbackTask))]
[IsDependentOn(typeof(FineTuneAlternativeTask))]
[OptionSections("finetune")]
[StandsAloneWith("finetune", "input")]
internal sealed class FineTuneTask(StudyContext context) : FineTuneStageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => Study.Options.TextOrNull("finetune", "input") is { } input
        ? FineTuneFile.Units(Study, input)
        : FineTuneUnit.ForTarget(Study, StageTargets.FineTune);
}
