using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Host;
using Cfx.Core;

namespace Cfx.Build.Tasks;

/// <summary>A target that makes artifacts: it says which, and the rest is the same for all.</summary>
internal abstract class StageTask(StudyContext context) : AsyncFrostingTask<StudyContext>, IStageTask
{
    protected StudyRun Study { get; } = context.Run;

    /// <summary>The artifacts of this target, in the order in which they are made. Reads files at most.</summary>
    protected abstract IEnumerable<StageUnit> Units();

    public async Task<StageOutlook> InspectAsync(IReadOnlySet<string> wouldRun, CancellationToken cancellationToken)
    {
        var running = context.Gathered(Name).Where(wouldRun.Contains).ToList();
        var units = Units().ToList();
        return units.Count > 0 ? await context.Stages.InspectAsync(units, wouldRun, context.IsForced(Name), cancellationToken)
            : running.Count > 0 ? new StageOutlook(false, [$"{string.Join(", ", running)} would run"])
            : new StageOutlook(true, ["all it gathers is"]);
    }

    public override async Task RunAsync(StudyContext context)
    {
        if (context.Gathered(Name).Select(context.Report.Of).FirstOrDefault(o => o?.Status == TargetStatus.Pending) is { } pending)
        {
            throw new WorkPendingException(pending.Reason ?? "what it needs goes on elsewhere");
        }

        var units = Units().ToList();
        if (units.Count > 0)
        {
            await context.Stages.RunAsync(units, context.IsForced(Name), context.Report, context.Cancelled);
            return;
        }

        var outcomes = context.Gathered(Name).Select(t => (t, context.Report.Of(t))).Where(o => o.Item2 is not null);
        if (OutcomeDeriver.Derive([.. outcomes.Select(o => (o.t, o.Item2!))]) is { Status: TargetStatus.UpToDate, Reason: { } reason })
        {
            context.Report.UpToDate(reason);
        }
    }

    private string Name => Cake.Frosting.Internal.TaskDescriptor.NameOf(GetType());
}
