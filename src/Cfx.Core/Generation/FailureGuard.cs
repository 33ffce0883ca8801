namespace Cfx.Core.Generation;

/// <summary>Ends a stage early when nothing works: a wrong key or model name must not be tried ten thousand times. Not safe for several
/// threads; told results in input order, so that the same run always ends the same way.</summary>
/// <param name="what">What is done, in plural ("calls to x").</param>
public sealed class FailureGuard(string what)
{
    /// <summary>How many first calls must all have failed for one reason.</summary>
    public const int FirstCalls = 20;

    private ChatCall? _first;
    private long _calls;
    private bool _open;
    private bool _hasOtherThanRefusals;

    /// <summary>Takes note of one call's result.</summary>
    /// <exception cref="StageFailedException">The first <see cref="FirstCalls"/> calls have all failed for one reason.</exception>
    public void Observe(ChatCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _calls++;
        _hasOtherThanRefusals |= !call.IsWithoutReply || call.Status != ChatCall.Refused;
        if (_open)
        {
            return;
        }

        if (!call.IsWithoutReply || (_first is not null && !IsSameReason(_first, call)))
        {
            _open = true;
            return;
        }

        _first ??= call;
        if (_calls >= FirstCalls)
        {
            throw new StageFailedException($"The first {FirstCalls} {what} all failed for one reason, so no more were made: {_first.Reason}");
        }
    }

    /// <summary>Told at the end: a run in which everything failed for one reason, or was refused in whatever words, has failed too.</summary>
    /// <exception cref="StageFailedException">There were calls, and none came of them.</exception>
    public void Complete()
    {
        if (_first is null)
        {
            return;
        }

        if (!_open)
        {
            throw new StageFailedException($"All {_calls} {what} failed for one reason: {_first.Reason}");
        }

        if (!_hasOtherThanRefusals)
        {
            // Each refusal speaks of its own request, as of the tokens in it, though the fault is in a setting that all share.
            throw new StageFailedException($"All {_calls} {what} were refused for what they hold. The first: {_first.Reason}");
        }
    }

    // Messages may carry a request's own id, so an equal status is reason enough, save where it speaks of the one request's content.
    private static bool IsSameReason(ChatCall a, ChatCall b) =>
        string.Equals(a.Reason, b.Reason, StringComparison.Ordinal)
        || (a.StatusCode is not null && !ChatCall.IsRefusal(a.StatusCode) && a.StatusCode == b.StatusCode);
}
