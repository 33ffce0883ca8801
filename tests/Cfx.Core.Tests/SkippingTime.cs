namespace Cfx.Core.Tests;

/// <summary>A clock on which short waits are over at once and move the clock on; longer ones (limits) never end by themselves.</summary>
public sealed class SkippingTime(TimeSpan longestWait) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public SkippingTime()
        : this(TimeSpan.FromSeconds(90))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The waits so far, in the order in which they began.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate)
            {
                return [.. _waits];
            }
        }
    }

    /// <summary>Called at each wait, with its number from 1.</summary>
    public Action<int>? OnWait { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public void Advance(TimeSpan by)
    {
        lock (_gate)
        {
            _now += by;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state);
        if (dueTime >= TimeSpan.Zero && dueTime <= longestWait)
        {
            int number;
            lock (_gate)
            {
                _now += dueTime;
                _waits.Add(dueTime);
                number = _waits.Count;
            }

            OnWait?.Invoke(number);
            ThreadPool.QueueUserWorkItem(static t => t.Fire(), timer, preferLocal: false);
        }

        return timer;
    }

    private sealed class Timer(TimerCallback callback, object? state) : ITimer
    {
        private int _over;

        public void Fire()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _over == 0;

        public void Dispose() => Interlocked.Exchange(ref _over, 1);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
