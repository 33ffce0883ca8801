using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Audit)]
[TaskDescription("Holds the judge against the users' own feedback, in both orders and with some pairs asked twice")]
[IsDependentOn(typeof(ProcessFeedbackTask))]
[OptionSections("audit", "evaluate")]
internal sealed class AuditTask(StudyContext context) : StageTask(context)
{
    protected override IEnumerable<StageUnit> Units() => [AuditUnit.Create(Study)];
}
