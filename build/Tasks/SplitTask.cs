using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Split)]
[TaskDescription("Assigns items to train, validation and test, once and for all")]
[IsDependentOn(typeof(FilterTask))]
[OptionSections("split")]
internal sealed class SplitTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => [SplitUnit.Create(Study)];
}
