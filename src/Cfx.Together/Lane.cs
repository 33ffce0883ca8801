using System.Diagnostics.CodeAnalysis;
using Cfx.Core;
using Cfx.Core.Generation;

namespace Cfx.Together;

/// <summary>One stage's way to a server: its limits, and whether it still makes sense to ask.</summary>
/// <param name="dispatcher">The server's, shared with all other stages.</param>
/// <param name="limits">This stage's.</param>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and waits may outlast the client.")]
internal sealed class Lane(Dispatcher dispatcher, CallLimits limits)
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly FailureWatch _watch = new();
    private string? _reason;

    public Dispatcher Dispatcher { get; } = dispatcher;

    public CallLimits Limits { get; } = limits;

    /// <summary>Cancelled once no more calls make sense.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Why no more calls make sense; null while they do.</summary>
    public string? StopReason => Volatile.Read(ref _reason);

    /// <summary>Ends the lane: what waits is not sent. The first reason stays.</summary>
    /// <returns>The error that every call of this lane ends with from now on.</returns>
    public StageFailedException Stop(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _stopped.Cancel();
        }

        return new StageFailedException(StopReason!);
    }

    public void Good() => _watch.Good();

    /// <summary>Takes note of a call that failed after its retries.</summary>
    /// <exception cref="StageFailedException">Nearly all of the last calls failed for this reason.</exception>
    public void Failed(ProviderException fault)
    {
        if (_watch.Failed(fault.Message, fault.StatusCode) is var (failed, of))
        {
            throw Stop($"{failed} of the last {of} calls failed for one reason, so no more were made: {fault.Message}");
        }
    }
}
