using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Respond)]
[TaskDescription("Draws one answer of every arm to each test context")]
[IsDependentOn(typeof(FineTuneTask))]
[OptionSections("respond")]
internal sealed class RespondTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => Study.Plan.Arms.Select(arm => RespondUnit.Create(Study, arm));
}
