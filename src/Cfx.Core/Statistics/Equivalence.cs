namespace Cfx.Core.Statistics;

/// <summary>Two one-sided tests (Schuirmann 1987): only this shows that two arms are about equal. A difference that is not significant
/// does not.</summary>
public static class Equivalence
{
    // Beyond this no interval's end is good to a digit.
    private const double SmallestP = 1e-14;

    /// <summary>By Student's t.</summary>
    /// <param name="h">The half-credit rate.</param>
    /// <param name="standardError">Above 0: where no variation was seen, nothing is certain for that (<see cref="ByIntervals"/>).</param>
    /// <param name="degreesOfFreedom">Above 0; pairs or conversations minus 1.</param>
    /// <param name="margin">Above 0: how far from 1/2 still counts as equal, chosen before the data were seen.</param>
    public static EquivalenceResult Test(double h, double standardError, double degreesOfFreedom, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(standardError);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        return new EquivalenceResult(
            StudentTail.UpperP((h - (0.5 - margin)) / standardError, degreesOfFreedom),
            StudentTail.UpperP((0.5 + margin - h) / standardError, degreesOfFreedom));
    }

    /// <summary>A rate's test: by t, or by Wilson's intervals where no variation was seen.</summary>
    /// <param name="rate">The half-credit rate.</param>
    /// <param name="units">Pairs, or conversations where these gave several.</param>
    /// <param name="margin">Above 0.</param>
    /// <returns>Null below two units.</returns>
    public static EquivalenceResult? Of(HalfCreditResult rate, long units, double margin) =>
        rate is not { H: { } h, StandardError: { } error } ? null
        : error > 0 ? Test(h, error, units - 1, margin)
        : ByIntervals(h, confidence => Wilson.For(Math.Min(h * units, units), units, confidence), margin);

    /// <summary>The same question put to intervals: each p is the smallest level at which the interval at 1 - 2·level ends on the right side of
    /// the margin, which for the t interval is the t test.</summary>
    /// <param name="h">The rate.</param>
    /// <param name="interval">The rate's interval at a confidence from 0 to 1, both excluded; narrower at a lower one, and holding the rate.</param>
    /// <param name="margin">Above 0.</param>
    /// <returns>Each p at least 1e-14; 1 where the rate itself is at the margin or beyond.</returns>
    public static EquivalenceResult ByIntervals(double h, Func<double, Interval> interval, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        return new EquivalenceResult(
            h <= 0.5 - margin ? 1 : SmallestLevel(level => interval(1 - (2 * level)).Lower > 0.5 - margin),
            h >= 0.5 + margin ? 1 : SmallestLevel(level => interval(1 - (2 * level)).Upper < 0.5 + margin));
    }

    private static double SmallestLevel(Func<double, bool> holds)
    {
        double low = Math.Log(SmallestP), high = Math.Log(0.5);
        // Halves the logarithm's range to a relative error of 1e-12.
        for (var i = 0; i < 45; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(Math.Exp(middle)) ? (low, middle) : (middle, high);
        }

        return Math.Exp(high);
    }
}
