using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Has several arms' jobs under way at the same time: all are submitted before any is waited for, a set number at once, the next as
/// one ends. What becomes of one arm's job leaves the others alone.</summary>
/// <param name="stage">Submits and follows each job.</param>
/// <param name="atOnce">The most jobs under way together, 1 or more.</param>
/// <param name="logger">Told what waits.</param>
public sealed class FineTuneFleet(FineTuneStage stage, int atOnce, ILogger logger) : IAsyncDisposable
{
    private readonly Dictionary<string, TaskCompletionSource<JobRecord>> _results = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _submitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private Task? _pump;

    /// <summary>Begins to submit. A second call is a fault of the program.</summary>
    /// <param name="due">The jobs to have done, each with a record of its own.</param>
    /// <param name="cancellationToken">Stops submitting and following; jobs go on at their provider.</param>
    public void Begin(IReadOnlyList<FineTuneOptions> due, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(due);
        if (_pump is not null)
        {
            throw new InvalidOperationException("The fleet has begun already.");
        }

        foreach (var options in due)
        {
            _results.Add(options.RecordPath, new TaskCompletionSource<JobRecord>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        FineTuneOptions[] several = [.. due.Select(o => o with { IsOneOfSeveral = due.Count > 1 })];
        _pump = PumpAsync(several, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token));
    }

    /// <summary>The record of one arm's completed job, as soon as all jobs are submitted that can be; one that the fleet was not begun with is
    /// done alone.</summary>
    /// <exception cref="StageFailedException">The job ended without a model.</exception>
    /// <exception cref="WorkPendingException">The job goes on, or has not found a place yet.</exception>
    public async Task<JobRecord> CollectAsync(FineTuneOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!_results.TryGetValue(options.RecordPath, out var result))
        {
            return await stage.RunAsync(options, cancellationToken);
        }

        // A run that ends on this arm's failure, or does not wait, must not leave the others behind unsubmitted.
        await _submitted.Task.WaitAsync(cancellationToken);
        return await result.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_pump is not null)
        {
            await _pump;
        }

        _stop.Dispose();
    }

    private async Task PumpAsync(IReadOnlyList<FineTuneOptions> due, CancellationTokenSource cancelled)
    {
        using var owned = cancelled;
        var following = new List<Task<bool>>();
        try
        {
            await PumpAsync(await InOrderAsync(due, cancelled.Token), following, cancelled.Token);
        }
        catch (Exception e)
        {
            foreach (var result in _results.Values)
            {
                Fail(result, e, cancelled.Token);
            }
        }

        _submitted.TrySetResult();
        await Task.WhenAll(following);

        // Nobody may ask for the rest any more: their failures are seen here.
        foreach (var result in _results.Values)
        {
            _ = result.Task.Exception;
        }
    }

    private async Task PumpAsync(
        Queue<(FineTuneOptions Options, bool IsUnderWay)> waiting, List<Task<bool>> following, CancellationToken cancellationToken)
    {
        var submitted = new List<(FineTuneOptions, JobRecord)>();
        var stuck = 0;
        while (waiting.TryPeek(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (next.IsUnderWay || submitted.Count + following.Count + stuck < atOnce)
            {
                waiting.Dequeue();
                stuck += await SubmitAsync(next.Options, submitted, cancellationToken);
                continue;
            }

            Follow(submitted, following, cancellationToken);
            if (following.Count == 0)
            {
                // What is under way is not waited for in this run.
                waiting.Dequeue();
                Result(next.Options).TrySetException(new WorkPendingException(
                    $"The job for '{next.Options.Arm}' is not created yet: {stuck} others are under way, as many as --max-jobs allows. Run again when one has ended."));
                continue;
            }

            _submitted.TrySetResult();
            logger.LogDebug("{Count} arms wait until one of {Jobs} jobs has ended", waiting.Count, following.Count);
            var ended = await Task.WhenAny(following);
            following.Remove(ended);
            stuck += await ended ? 0 : 1;
        }

        Follow(submitted, following, cancellationToken);
    }

    /// <returns>1 when the job takes a place that this run will not see free again, else 0.</returns>
    private async Task<int> SubmitAsync(
        FineTuneOptions options, List<(FineTuneOptions, JobRecord)> submitted, CancellationToken cancellationToken)
    {
        try
        {
            var record = await stage.SubmitAsync(options, cancellationToken);
            if (options.Monitor)
            {
                submitted.Add((options, record));
                return 0;
            }

            return await FollowAsync(options, record, cancellationToken) ? 0 : 1;
        }
        catch (Exception e)
        {
            Fail(Result(options), e, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return 0;
        }
    }

    private void Follow(List<(FineTuneOptions, JobRecord)> submitted, List<Task<bool>> following, CancellationToken cancellationToken)
    {
        following.AddRange(submitted.Select(s => FollowAsync(s.Item1, s.Item2, cancellationToken)));
        submitted.Clear();
    }

    /// <returns>Whether the job has ended.</returns>
    private async Task<bool> FollowAsync(FineTuneOptions options, JobRecord record, CancellationToken cancellationToken)
    {
        try
        {
            Result(options).TrySetResult(await stage.FollowAsync(options, record, cancellationToken));
            return true;
        }
        catch (Exception e)
        {
            Fail(Result(options), e, cancellationToken);
            return e is StageFailedException;
        }
    }

    /// <summary>Jobs that are under way come first: they have a place already.</summary>
    private static async Task<Queue<(FineTuneOptions, bool)>> InOrderAsync(IReadOnlyList<FineTuneOptions> due, CancellationToken cancellationToken)
    {
        var all = new List<(FineTuneOptions Options, bool IsUnderWay)>();
        foreach (var options in due)
        {
            all.Add((options, await IsRunningAsync(options, cancellationToken)));
        }

        return new Queue<(FineTuneOptions, bool)>(all.OrderBy(o => o.IsUnderWay ? 0 : 1));
    }

    private static async Task<bool> IsRunningAsync(FineTuneOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await JobRecord.ReadAsync(options.RecordPath, cancellationToken) is { JobId: not null } record && !JobStatus.IsTerminal(record.Status);
        }
        catch (MisuseException)
        {
            // Submitting says it.
            return false;
        }
    }

    private static void Fail(TaskCompletionSource<JobRecord> result, Exception e, CancellationToken cancellationToken)
    {
        if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            result.TrySetCanceled(cancellationToken);
        }
        else
        {
            result.TrySetException(e);
        }
    }

    private TaskCompletionSource<JobRecord> Result(FineTuneOptions options) => _results[options.RecordPath];
}
