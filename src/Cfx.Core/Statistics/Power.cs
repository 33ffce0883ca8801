using MathNet.Numerics.Distributions;

namespace Cfx.Core.Statistics;

/// <summary>What a test of a given size can see: power of the sign test on decisive pairs, planned before there is data.</summary>
public static class Power
{
    /// <summary>The smallest difference of the half-credit rate from 1/2 that is found with the given power; null when even the largest is not.</summary>
    /// <param name="pairs">Complete pairs, 0 or more.</param>
    /// <param name="tieRate">Their share of ties after both orders are combined, 0 to 1.</param>
    /// <param name="alpha">Of the two-sided test, above 0, below 1; the study's divided by its comparisons.</param>
    /// <param name="power">Above 0, below 1.</param>
    public static double? DetectableEffect(long pairs, double tieRate, double alpha, double power)
    {
        Check(tieRate, alpha, power);
        ArgumentOutOfRangeException.ThrowIfNegative(pairs);
        var decisive = pairs * (1 - tieRate);
        var a = Normal.InvCDF(0, 1, 1 - (alpha / 2)) / 2;
        var b = Normal.InvCDF(0, 1, power);
        var discriminant = ((decisive + (b * b)) / 4) - (a * a);
        if (decisive <= 0 || discriminant < 0)
        {
            return null;
        }

        var effect = ((a * Math.Sqrt(decisive)) + (b * Math.Sqrt(discriminant))) / (decisive + (b * b));
        return effect < 0.5 ? (1 - tieRate) * effect : null;
    }

    /// <summary>The pairs that it takes to find a difference with the given power; null when no number does.</summary>
    /// <param name="effect">The half-credit rate's difference from 1/2.</param>
    /// <param name="tieRate">As above.</param>
    /// <param name="alpha">As above.</param>
    /// <param name="power">As above.</param>
    public static long? PairsNeeded(double effect, double tieRate, double alpha, double power)
    {
        Check(tieRate, alpha, power);
        var d = tieRate < 1 ? Math.Abs(effect) / (1 - tieRate) : 0;
        if (d is <= 0 or >= 0.5)
        {
            return null;
        }

        var root = ((Normal.InvCDF(0, 1, 1 - (alpha / 2)) / 2) + (Normal.InvCDF(0, 1, power) * Math.Sqrt(0.25 - (d * d)))) / d;
        return (long)Math.Ceiling(root * root / (1 - tieRate));
    }

    private static void Check(double tieRate, double alpha, double power)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tieRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tieRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(power, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(power, 1);
    }
}
