namespace Cfx.Together;

/// <summary>Lets the chat calls to one server through, for all stages: as many at once as the server has shown to bear and the stage allows, so far
/// apart, and none while the server asked for a pause. First come, first served.</summary>
internal sealed class Dispatcher(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly ConcurrencyWindow _window = new();

    // Elapsed time, since a clock that is set must neither lengthen nor shorten a wait.
    private readonly long _origin = time.GetTimestamp();
    private int _inFlight;
    private TimeSpan _next;
    private TimeSpan _pausedUntil;
    private long _left = long.MaxValue;
    private TimeSpan _leftUntil;

    /// <summary>The calls that the server is thought to bear at once.</summary>
    public int Limit
    {
        get
        {
            lock (_gate)
            {
                return _window.Limit;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Waits for a turn; disposing the result gives it back.</summary>
    public async Task<Slot> EnterAsync(CallLimits limits, CancellationToken cancellationToken)
    {
        await QueueAsync(limits.MaxConcurrency, cancellationToken);
        try
        {
            return new Slot(this, limits, await StartAsync(limits.Delay, cancellationToken));
        }
        catch
        {
            Leave();
            throw;
        }
    }

    private async Task QueueAsync(int max, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _inFlight < _window.For(max))
            {
                _inFlight++;
                return;
            }

            waiter = new Waiter(max);
            waiter.Node = _waiting.AddLast(waiter);
        }

        await using (cancellationToken.UnsafeRegister(_ => Abandon(waiter, cancellationToken), null))
        {
            await waiter.Turn.Task;
        }
    }

    /// <summary>Waits until a call may be sent: after every pause, and so long after the one before.</summary>
    private async Task<long> StartAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        TimeSpan? place = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan wait;
            lock (_gate)
            {
                var now = Now;
                var pause = PausedUntil(now);
                if (pause > now)
                {
                    // A place that lay within the pause is lost: after it, calls are as far apart as ever.
                    place = null;
                    wait = pause - now;
                }
                else
                {
                    if (place is null)
                    {
                        place = _next > now ? _next : now;
                        _next = place.Value + delay;
                    }

                    if (place <= now)
                    {
                        _left = _left == long.MaxValue ? _left : _left - 1;
                        return _window.Send();
                    }

                    wait = place.Value - now;
                }
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private TimeSpan PausedUntil(TimeSpan now)
    {
        if (now >= _leftUntil)
        {
            _left = long.MaxValue;
        }

        return _left <= 0 && _leftUntil > _pausedUntil ? _leftUntil : _pausedUntil;
    }

    private void Pause(TimeSpan until) => _pausedUntil = until > _pausedUntil ? until : _pausedUntil;

    private void Leave()
    {
        lock (_gate)
        {
            _inFlight--;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_waiting.First is { } first && _inFlight < _window.For(first.Value.Max))
        {
            _waiting.Remove(first);
            first.Value.Node = null;
            _inFlight++;
            first.Value.Turn.SetResult();
        }
    }

    private void Abandon(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (waiter.Node is not { } node)
            {
                // It has its turn; who gets it sees the cancellation.
                return;
            }

            _waiting.Remove(node);
            waiter.Node = null;
            LetIn();
        }

        waiter.Turn.SetCanceled(cancellationToken);
    }

    private sealed class Waiter(int max)
    {
        public int Max { get; } = max;

        public LinkedListNode<Waiter>? Node { get; set; }

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One call in flight, and what its reply says of the server.</summary>
    internal sealed class Slot(Dispatcher dispatcher, CallLimits limits, long number) : IDisposable
    {
        private int _left;

        /// <summary>A usable reply came.</summary>
        public void Good()
        {
            lock (dispatcher._gate)
            {
                dispatcher._window.Good(number, dispatcher._inFlight, limits.MaxConcurrency, dispatcher.Now);
            }
        }

        /// <summary>The server answered otherwise.</summary>
        /// <param name="status">The HTTP status.</param>
        /// <param name="pause">How long it asked everybody to wait; null when it did not, or for longer than is waited.</param>
        public void Refused(int? status, TimeSpan? pause)
        {
            lock (dispatcher._gate)
            {
                var now = dispatcher.Now;
                switch (status)
                {
                    case 429:
                        dispatcher._window.TooMany(number, limits.MaxConcurrency);
                        break;
                    case 503:
                        dispatcher._window.Overloaded(now);
                        break;
                }

                if (pause is { } asked)
                {
                    dispatcher.Pause(now + asked);
                }
            }
        }

        /// <summary>Takes note of the calls and tokens still allowed.</summary>
        public void Heed(RateLimit limit)
        {
            lock (dispatcher._gate)
            {
                var until = dispatcher.Now + limit.Reset;
                if (limit.Calls is <= 0 || limit.Tokens is <= 0)
                {
                    dispatcher.Pause(until);
                }
                else if (limit.Calls is { } calls)
                {
                    // The count was taken when this call arrived; those sent after it have used some up since.
                    dispatcher._left = Math.Max(0, calls - dispatcher._window.SentAfter(number));
                    dispatcher._leftUntil = until;
                }
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                dispatcher.Leave();
            }
        }
    }
}
