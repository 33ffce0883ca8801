using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Analyze)]
[TaskDescription("Counts, tests and reports the comparisons")]
[IsDependentOn(typeof(EvaluateTask))]
internal sealed class AnalyzeTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => [AnalyzeUnit.Create(Study)];
}
