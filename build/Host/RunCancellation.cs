namespace Cfx.Build.Host;

/// <summary>The wish to stop, as one token for everybody. The first signal cancels, so that stages write down where they are and teardown
/// runs; the second leaves at once.</summary>
/// <param name="leave">Ends the process with an exit code.</param>
public sealed class RunCancellation(Action<int> leave) : IDisposable
{
    /// <summary>What a shell expects of a program stopped by Ctrl-C.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource _source = new();
    private int _signals;

    public CancellationToken Token => _source.Token;

    /// <summary>Called for each Ctrl-C or request to end.</summary>
    public void Signal()
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            leave(ExitCode);
            return;
        }

        _source.Cancel();
    }

    /// <summary>Called when the terminal closes. The shell and the kernel both tell of it, at once, so a repetition is nobody's wish to leave without
    /// teardown.</summary>
    public void HangUp()
    {
        if (Interlocked.CompareExchange(ref _signals, 1, 0) == 0)
        {
            _source.Cancel();
        }
    }

    public void Dispose() => _source.Dispose();
}
