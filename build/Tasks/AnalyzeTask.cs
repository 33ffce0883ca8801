using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Analyze)]
[TaskDescription("Counts, tests and reports the study's comparisons, or those of the files given with --input")]
[IsDependentOn(typeof(EvaluateTask))]
[OptionSections("analyze")]
[StandsAloneWith("analyze", "input")]
internal sealed class AnalyzeTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => Study.Options.IsOnCommandLine("analyze", "input") && Study.IsRequested(StageTargets.Analyze)
        ? [AnalyzeFiles.Create(Study)]
        : [LeakageUnit.Create(Study), PlannedTestUnit.Create(Study), AnalyzeUnit.Create(Study)];
}
