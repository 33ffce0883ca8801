namespace Cfx.Together;

/// <summary>Lets calls through: so many at once, so far apart, and none while the provider asked for a pause.</summary>
internal sealed class Dispatcher(int maxConcurrency, TimeSpan spacing, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(maxConcurrency, maxConcurrency);
    private readonly Lock _gate = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits for a turn; disposing the result gives the slot back.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            TimeSpan wait;
            lock (_gate)
            {
                var now = time.GetUtcNow();
                var start = _next > now ? _next : now;
                _next = start + spacing;
                wait = start - now;
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            return new Slot(_slots);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>Holds all calls that have not started yet for as long as the provider asked.</summary>
    public void Hold(TimeSpan pause)
    {
        lock (_gate)
        {
            var until = time.GetUtcNow() + pause;
            _next = until > _next ? until : _next;
        }
    }

    public void Dispose() => _slots.Dispose();

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        private SemaphoreSlim? _slots = slots;

        public void Dispose() => Interlocked.Exchange(ref _slots, null)?.Release();
    }
}
