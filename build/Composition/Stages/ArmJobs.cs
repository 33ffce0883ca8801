using Cfx.Core.Training;

namespace Cfx.Build.Composition.Stages;

/// <summary>The training jobs of one run: the first target that trains has all of them submitted, then each target waits for its own.</summary>
internal sealed class ArmJobs : IAsyncDisposable
{
    private FineTuneFleet? _fleet;
    private bool _begun;

    /// <summary>Begins with all jobs that are due; later calls of the same run do nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dueAsync">Finds the jobs.</param>
    /// <param name="cancellationToken">Stops following them.</param>
    public async Task BeginAsync(StudyRun run, Func<Task<IReadOnlyList<FineTuneOptions>>> dueAsync, CancellationToken cancellationToken)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        if (await dueAsync() is { Count: > 0 } due)
        {
            await run.Preflight.RequireAsync(cancellationToken);
            foreach (var model in due.Select(d => d.BaseModel).Distinct(StringComparer.Ordinal))
            {
                await run.Providers.Serving.RequireServableAsync(model, cancellationToken);
            }

            _fleet = new FineTuneFleet(await StageAsync(run, cancellationToken), (int)run.Options.WholeNumber("finetune", "max-jobs"), run.Logger<FineTuneFleet>());
            _fleet.Begin(due, cancellationToken);
        }
    }

    /// <summary>Waits for one job.</summary>
    public async Task<JobRecord> CollectAsync(StudyRun run, FineTuneOptions options, CancellationToken cancellationToken) => _fleet is { } fleet
        ? await fleet.CollectAsync(options, cancellationToken)
        : await (await StageAsync(run, cancellationToken)).RunAsync(options, cancellationToken);

    public ValueTask DisposeAsync() => _fleet?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<FineTuneStage> StageAsync(StudyRun run, CancellationToken cancellationToken) =>
        new(await run.Providers.FineTuningAsync(cancellationToken), run.Time, run.Progress, run.Logger<FineTuneStage>());
}
