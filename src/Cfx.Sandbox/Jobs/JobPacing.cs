using System.Collections.Concurrent;

namespace Cfx.Sandbox.Jobs;

/// <summary>Holds training back on purpose, so that a client can be seen to meet a job under way.</summary>
internal sealed class JobPacing(int? stepsPerPoll, TimeSpan minimumDuration, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _permits = new(StringComparer.Ordinal);

    /// <summary>A client has looked at the job. Looks that come before training has used up the last one add nothing.</summary>
    public void Polled(string id)
    {
        if (stepsPerPoll is { } steps)
        {
            var permits = _permits.GetOrAdd(id, _ => new SemaphoreSlim(0));
            lock (_gate)
            {
                if (permits.CurrentCount == 0)
                {
                    permits.Release(steps);
                }
            }
        }
    }

    /// <summary>Waits, after a step, until the job may go on.</summary>
    /// <param name="id">The job.</param>
    /// <param name="begun">When this sitting began, as a timestamp of the clock.</param>
    /// <param name="done">The share of the whole training that this sitting has done.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitAsync(string id, long begun, double done, CancellationToken cancellationToken)
    {
        if (stepsPerPoll is not null)
        {
            await _permits.GetOrAdd(id, _ => new SemaphoreSlim(0)).WaitAsync(cancellationToken);
        }

        while ((minimumDuration * done) - time.GetElapsedTime(begun) is { Ticks: > 0 } rest)
        {
            // A timer may fire a hair early, hence the loop; a whole millisecond keeps it from spinning.
            await Task.Delay(rest < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : rest, time, cancellationToken);
        }
    }
}
