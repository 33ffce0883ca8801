namespace Cfx.Core.Generation;

/// <summary>Ends a stage early when nothing works: a wrong key or model name must not be tried ten thousand times. Not safe for several
/// threads; told results in input order, so that the same run always ends the same way.</summary>
/// <param name="what">What is done, in plural ("calls to x").</param>
public sealed class FailureGuard(string what)
{
    /// <summary>How many first calls must all have failed for one reason.</summary>
    public const int FirstCalls = 20;

    private ChatCall? _first;
    private long _failed;
    private bool _open;

    /// <summary>Takes note of one call's result.</summary>
    /// <exception cref="StageFailedException">The first <see cref="FirstCalls"/> calls have all failed for one reason.</exception>
    public void Observe(ChatCall call)
    {
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
        if (++_failed >= FirstCalls)
        {
            throw new StageFailedException($"The first {FirstCalls} {what} all failed for one reason, so no more were made: {_first.Reason}");
        }
    }

    /// <summary>Told at the end: a shorter run in which everything failed has failed too.</summary>
    /// <exception cref="StageFailedException">There were calls, and all failed for one reason.</exception>
    public void Complete()
    {
        if (!_open && _first is not null)
        {
            throw new StageFailedException($"All {_failed} {what} failed for one reason: {_first.Reason}");
        }
    }

    // Messages may carry a request's own id, so an equal status is reason enough, save where it speaks of the one request's content.
    private static bool IsSameReason(ChatCall a, ChatCall b) =>
        string.Equals(a.Reason, b.Reason, StringComparison.Ordinal)
        || (a.StatusCode is not (null or 400 or 413 or 422) && a.StatusCode == b.StatusCode);
}
