using Cfx.Build.Composition;
using Cfx.Build.Composition.Stages;
using Cfx.Core.Training;

namespace Cfx.Build.Tasks;

/// <summary>A target that trains arms. The first of a run has the jobs of all of them submitted, so that they run at the same time.</summary>
internal abstract class FineTuneStageTask(StudyContext context) : StageTask(context)
{
    private static readonly string[] Training = [StageTargets.FineTuneFeedback, StageTargets.FineTuneAlternative, StageTargets.FineTune];

    public override async Task RunAsync(StudyContext context)
    {
        if (Study.Options.TextOrNull("finetune", "input") is null)
        {
            await Study.Jobs.BeginAsync(Study, () => DueAsync(context), context.Cancelled);
        }

        await base.RunAsync(context);
    }

    private async Task<IReadOnlyList<FineTuneOptions>> DueAsync(StudyContext context)
    {
        var due = new List<FineTuneOptions>();
        foreach (var target in Training.Where(t => Study.Executing.Contains(t, StringComparer.OrdinalIgnoreCase)))
        {
            due.AddRange(await FineTuneUnit.DueAsync(Study, context.Stages, target, context.IsForced(target), context.Cancelled));
        }

        return due;
    }
}
