namespace Cfx.Core.Statistics;

/// <summary>Sample quantiles of type 7 (Hyndman and Fan 1996), which R and NumPy give by default: linear between order statistics.</summary>
public static class Quantile
{
    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="q">0 to 1.</param>
    public static double OfSorted(ReadOnlySpan<double> sorted, double q)
    {
        if (sorted.IsEmpty)
        {
            throw new ArgumentException("At least one value.", nameof(sorted));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(q);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(q, 1);
        var position = (sorted.Length - 1) * q;
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>The two quantiles that leave equal shares outside.</summary>
    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static Interval CentralInterval(ReadOnlySpan<double> sorted, double confidence)
    {
        var tail = (1 - confidence) / 2;
        return new Interval(OfSorted(sorted, tail), OfSorted(sorted, 1 - tail));
    }
}
