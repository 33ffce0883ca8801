using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Filter)]
[TaskDescription("Keeps the usable UR2, UR3 and UR5 conversations and says what was left out and why")]
[OptionSections("study")]
internal sealed class FilterTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => [FilterUnit.Create(Study)];
}
