using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.ProcessAlternative)]
[TaskDescription("Asks for fresh answers to the same prompts, without the feedback")]
[IsDependentOn(typeof(SplitTask))]
[OptionSections("process")]
[StandsAloneWith("process", "input")]
internal sealed class ProcessAlternativeTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => ProcessTargets.OneMethod(Study, StageTargets.ProcessAlternative, "alternative");
}
