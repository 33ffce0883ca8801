using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Evaluate)]
[TaskDescription("Judges every pair of arms, the two models given with --model1 and --model2, or (--mode=feedback) a processed file's improved and original answers")]
[IsDependentOn(typeof(SplitTask))]
[IsDependentOn(typeof(EvaluateBaseVsFeedbackTask))]
[IsDependentOn(typeof(EvaluateBaseVsAlternativeTask))]
[IsDependentOn(typeof(EvaluateFeedbackVsAlternativeTask))]
[OptionSections("evaluate")]
[StandsAloneWith("evaluate", "model1", typeof(SplitTask))]
[StandsAloneWith("evaluate", "conversations")]
internal sealed class EvaluateTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => Study.IsRequested(StageTargets.Evaluate) && EvaluateImproved.IsAsked(Study)
        ? [EvaluateImproved.Create(Study)]
        : Study.Options.IsOnCommandLine("evaluate", "model1")
        ? [EvaluateModels.Create(Study)]
        : EvaluateUnit.ForTarget(Study, StageTargets.Evaluate);
}
