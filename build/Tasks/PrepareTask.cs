using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Prepare)]
[TaskDescription("Writes the training and validation files, with the same records in every arm")]
[IsDependentOn(typeof(ProcessTask))]
[OptionSections("finetune")]
internal sealed class PrepareTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => [PrepareUnit.Create(Study)];
}
