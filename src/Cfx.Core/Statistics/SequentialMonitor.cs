namespace Cfx.Core.Statistics;

/// <summary>Watches a running comparison. Looks may come as often as one likes; no p-value is given before the planned number of pairs, since
/// stopping at the first p ≤ 0.05 would be wrong far more often than 5% (see <see cref="RepeatedLooks"/>).</summary>
/// <remarks>Holds for independent conversations; with several pairs a conversation feed one pair of each.</remarks>
/// <param name="comparisons">How many are watched together, at least 1.</param>
/// <param name="alpha">Above 0, below 1.</param>
public sealed class SequentialMonitor(int comparisons, double alpha = 0.05)
{
    /// <summary>Largest so far; 0 before the first look.</summary>
    public double LargestLnE { get; private set; }

    /// <summary>Valid at any time, not adjusted for several comparisons.</summary>
    public double AnytimeP => EValue.AnytimeP(LargestLnE);

    /// <summary>The share of wins among decided pairs, at 1 - alpha / comparisons over all times: what every look so far leaves.</summary>
    public Interval DecisiveRate { get; private set; } = Interval.Unknown;

    /// <summary>True from the first look on at which the evidence suffices to stop.</summary>
    public bool MayStop => LargestLnE >= EValue.StoppingLnE(comparisons, alpha);

    /// <param name="wins">So far.</param>
    /// <param name="losses">So far.</param>
    public void Look(long wins, long losses)
    {
        LargestLnE = Math.Max(LargestLnE, EValue.LnE(wins, losses));
        var now = ConfidenceSequence.For(wins, losses, 1 - (alpha / comparisons));
        var (lower, upper) = (Math.Max(DecisiveRate.Lower, now.Lower), Math.Min(DecisiveRate.Upper, now.Upper));
        // Looks that exclude each other happen with probability alpha at most; then only the last one says anything.
        DecisiveRate = lower <= upper ? new Interval(lower, upper) : now;
    }
}
