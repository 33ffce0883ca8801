using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Host;

namespace Cfx.Build.Tasks;

/// <summary>A target that makes artifacts: it says which, and the rest is the same for all.</summary>
internal abstract class StageTask(StudyContext context) : AsyncFrostingTask<StudyContext>, IStageTask
{
    protected StudyRun Study { get; } = context.Run;

    /// <summary>The artifacts of this target, in the order in which they are made. Reads files at most.</summary>
    protected abstract IEnumerable<StageUnit> Units();

    public Task<StageOutlook> InspectAsync(IReadOnlySet<string> wouldRun, CancellationToken cancellationToken) =>
        context.Stages.InspectAsync([.. Units()], wouldRun, context.IsForced(Name), cancellationToken);

    public override Task RunAsync(StudyContext context) =>
        context.Stages.RunAsync([.. Units()], context.IsForced(Name), context.Report, context.Cancelled);

    private string Name => Cake.Frosting.Internal.TaskDescriptor.NameOf(GetType());
}
