namespace Cfx.Together;

/// <summary>Notices that nearly every call of late failed for one reason, however well it went before. Safe for several threads.</summary>
/// <remarks>It counts calls in the order in which they end, whereas Core's guard over a stage's first calls counts in input order.</remarks>
internal sealed class FailureWatch
{
    /// <summary>How many of the last calls are looked at.</summary>
    public const int Window = 40;

    /// <summary>How few of them are enough.</summary>
    public const int Least = 20;

    /// <summary>The share of them, in percent, that one reason must have.</summary>
    public const int Percent = 95;

    private readonly Lock _gate = new();
    private readonly Queue<string?> _last = new(Window);

    public void Good() => Add(null);

    /// <summary>A call ended without a usable reply, after its retries.</summary>
    /// <param name="reason">In words.</param>
    /// <param name="status">The HTTP status; null when there was no reply.</param>
    /// <returns>How many of the last calls failed for this reason and how many these are; null while that is not nearly all.</returns>
    public (int Failed, int Of)? Failed(string reason, int? status)
    {
        // As the guard sees it: an equal status is one reason, save where it speaks of the one request's content.
        var key = status is null or 400 or 413 or 422 ? reason : FormattableString.Invariant($"{status}");
        lock (_gate)
        {
            Add(key);
            var same = _last.Count(k => string.Equals(k, key, StringComparison.Ordinal));
            return _last.Count >= Least && same * 100 >= _last.Count * Percent ? (same, _last.Count) : null;
        }
    }

    private void Add(string? key)
    {
        lock (_gate)
        {
            if (_last.Count == Window)
            {
                _last.Dequeue();
            }

            _last.Enqueue(key);
        }
    }
}
