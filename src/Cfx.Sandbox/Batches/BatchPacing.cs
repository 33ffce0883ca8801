using System.Collections.Concurrent;

namespace Cfx.Sandbox.Batches;

/// <summary>Holds batches back on purpose, so that a client can be seen to meet one under way.</summary>
/// <param name="looks">How many times a batch must be looked at before its lines are answered.</param>
/// <param name="minimumDuration">How long after its creation they are answered at the earliest.</param>
/// <param name="time">The clock.</param>
internal sealed class BatchPacing(int looks, TimeSpan minimumDuration, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _seen = new(StringComparer.Ordinal);

    /// <summary>A client has looked at the batch.</summary>
    public void Polled(string id)
    {
        if (looks > 0)
        {
            Of(id).Release();
        }
    }

    /// <summary>Waits until the batch may go on.</summary>
    public async Task WaitAsync(string id, DateTimeOffset created, CancellationToken cancellationToken)
    {
        for (var seen = 0; seen < looks; seen++)
        {
            await Of(id).WaitAsync(cancellationToken);
        }

        while (created + minimumDuration - time.GetUtcNow() is { Ticks: > 0 } rest)
        {
            // A timer may fire a hair early, hence the loop; a whole millisecond keeps it from spinning.
            await Task.Delay(rest < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : rest, time, cancellationToken);
        }
    }

    private SemaphoreSlim Of(string id) => _seen.GetOrAdd(id, _ => new SemaphoreSlim(0));
}
