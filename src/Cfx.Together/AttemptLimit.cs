namespace Cfx.Together;

/// <summary>How long one attempt may take: until its timeout, and a grace beyond the moment at which the run is told to stop.</summary>
internal sealed class AttemptLimit : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _grace;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _timeout;

    // Not disposed: it holds nothing, and its timer may strike late.
    private readonly CancellationTokenSource _abandoned = new();
    private readonly CancellationTokenSource _either;
    private readonly CancellationTokenRegistration _stopping;
    private ITimer? _timer;
    private bool _ended;

    /// <param name="longest">The attempt's timeout.</param>
    /// <param name="grace">0 abandons the attempt as soon as the run stops.</param>
    /// <param name="time">Counts both.</param>
    /// <param name="stop">The wish to stop.</param>
    public AttemptLimit(TimeSpan longest, TimeSpan grace, TimeProvider time, CancellationToken stop)
    {
        Longest = longest;
        _grace = grace;
        _time = time;
        _timeout = new CancellationTokenSource(longest, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, _abandoned.Token);
        _stopping = stop.UnsafeRegister(static limit => ((AttemptLimit)limit!).BeginGrace(), this);
    }

    public TimeSpan Longest { get; }

    /// <summary>For the attempt.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the timeout struck, and not the end of the run.</summary>
    public bool IsOver => _timeout.IsCancellationRequested && !IsAbandoned;

    /// <summary>Whether the run ended and the grace is over.</summary>
    public bool IsAbandoned => _abandoned.IsCancellationRequested;

    public void Dispose()
    {
        _stopping.Dispose();
        lock (_gate)
        {
            _ended = true;
            _timer?.Dispose();
        }

        _either.Dispose();
        _timeout.Dispose();
    }

    private void BeginGrace()
    {
        if (_grace <= TimeSpan.Zero)
        {
            _abandoned.Cancel();
            return;
        }

        lock (_gate)
        {
            if (!_ended)
            {
                _timer = _time.CreateTimer(static limit => ((AttemptLimit)limit!)._abandoned.Cancel(), this, _grace, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
