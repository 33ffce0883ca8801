namespace Cfx.Together;

/// <summary>How many calls a server bears at once, learnt from its replies. Arithmetic alone: the caller locks and tells the time.</summary>
/// <remarks>A call that was sent before the last cut tells nothing new, neither for growing nor for cutting again: so a burst of refusals, of
/// which all were sent together, halves the window once and not to nothing.</remarks>
internal sealed class ConcurrencyWindow
{
    /// <summary>Where the window starts, unless a stage allows less.</summary>
    public const int Start = 16;

    /// <summary>How long an overloaded model (503) keeps the window from growing.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);

    private long _sent;
    private long _sentAtCut;
    private TimeSpan _heldUntil;

    /// <summary>The calls that may be in flight, at least 1; each stage's own maximum comes on top.</summary>
    public int Limit { get; private set; } = Start;

    /// <summary>The calls in flight that a stage with this maximum may make them.</summary>
    public int For(int max) => Math.Min(Limit, max);

    /// <summary>A call is being sent.</summary>
    /// <returns>Its number, from 1.</returns>
    public long Send() => ++_sent;

    /// <summary>How many calls were sent after this one.</summary>
    public long SentAfter(long number) => _sent - number;

    /// <summary>A usable reply came: one more call, if the window was full and the stage allows it.</summary>
    /// <param name="number">The call's.</param>
    /// <param name="inFlight">The calls in flight, this one included.</param>
    /// <param name="max">The stage's maximum.</param>
    /// <param name="now">When the reply came, on any scale that never goes back.</param>
    public void Good(long number, int inFlight, int max, TimeSpan now)
    {
        if (number > _sentAtCut && inFlight >= Limit && Limit < max && now >= _heldUntil)
        {
            Limit++;
        }
    }

    /// <summary>A call was refused because of the rate (429): half as many, once for all calls that were under way together.</summary>
    public void TooMany(long number, int max)
    {
        if (number > _sentAtCut)
        {
            Limit = Math.Max(1, For(max) / 2);
            _sentAtCut = _sent;
        }
    }

    /// <summary>The model is overloaded, though the rate was allowed (503): no more than now, for a while.</summary>
    public void Overloaded(TimeSpan now) => _heldUntil = now + Hold;
}
