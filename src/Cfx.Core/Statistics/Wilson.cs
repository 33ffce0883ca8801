using MathNet.Numerics.Distributions;

namespace Cfx.Core.Statistics;

/// <summary>Wilson's score interval for a share of independent units.</summary>
public static class Wilson
{
    /// <summary>The interval for <paramref name="successes"/> out of <paramref name="n"/>.</summary>
    /// <param name="successes">0 to <paramref name="n"/>; a half counts where the share gives half credit.</param>
    /// <param name="n">How many units; 0 gives [0, 1].</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static Interval For(double successes, long n, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        if (n == 0)
        {
            return Interval.Unknown;
        }

        return At(successes / n, n, successes == 0, successes == n, confidence);
    }

    /// <summary>The same for a number of units that need not be whole.</summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="n">Above 0.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    internal static Interval AtEffective(double share, double n, double confidence) => At(share, n, share == 0, share == 1, confidence);

    private static Interval At(double q, double n, bool isNone, bool isAll, double confidence)
    {
        var z = Normal.InvCDF(0, 1, 1 - ((1 - confidence) / 2));
        var zz = z * z / n;
        var centre = (q + (zz / 2)) / (1 + zz);
        var margin = z * Math.Sqrt((q * (1 - q) / n) + (zz / (4 * n))) / (1 + zz);
        // Exact at the ends, where rounding would leave something like 1e-17.
        return new Interval(
            isNone ? 0 : Math.Max(0, centre - margin),
            isAll ? 1 : Math.Min(1, centre + margin));
    }
}
