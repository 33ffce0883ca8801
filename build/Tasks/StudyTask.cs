using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Study)]
[TaskDescription("The whole comparison study, from conversations to report")]
[IsDependentOn(typeof(AnalyzeTask))]
[OptionSections("study", "split", "process", "finetune", "respond", "evaluate", "serving")]
internal sealed class StudyTask : FrostingTask<StudyContext>;
