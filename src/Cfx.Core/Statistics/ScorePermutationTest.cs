using MathNet.Numerics;

namespace Cfx.Core.Statistics;

/// <summary>The exact two-sided permutation test that two groups' scores (1, 1/2, 0) come from one distribution. Its statistic is the first
/// group's summed score, so it answers the question that the difference of two half-credit rates asks.</summary>
/// <remarks>Given how many scores of each kind there are and the groups' sizes, every way to share the scores out is equally likely; p is
/// twice the smaller tail, at most 1. With scores in order this is the exact linear-by-linear test (Mehta, Patel and Tsiatis 1984; Agresti
/// 1992), without ties the central form of Fisher's test (Fay 2010), each of whose sides errs in at most half the level. Equal scores are
/// kept as they are: ties carry half credit and take part.</remarks>
public static class ScorePermutationTest
{
    // Parts below e^-45 of what was already found are below rounding.
    private const double Negligible = 45;

    /// <param name="first">How many scores of 1, 1/2 and 0 the first group has, each at least 0.</param>
    /// <param name="second">The same of the second group.</param>
    /// <returns>Null where a group is empty: then there is nothing to compare.</returns>
    public static ExactTestResult? TwoSided(
        (long Wins, long Ties, long Losses) first, (long Wins, long Ties, long Losses) second)
    {
        long[] counts = [first.Wins, first.Ties, first.Losses, second.Wins, second.Ties, second.Losses];
        if (counts.Any(c => c < 0))
        {
            throw new ArgumentException("Counts are at least 0.", nameof(first));
        }

        var (n1, n2) = (first.Wins + first.Ties + first.Losses, second.Wins + second.Ties + second.Losses);
        if (n1 == 0 || n2 == 0)
        {
            return null;
        }

        var table = new Table(first.Wins + second.Wins, first.Ties + second.Ties, first.Losses + second.Losses, n1);
        // In halves, so that comparing sums is comparing whole numbers.
        var seen = (2 * first.Wins) + first.Ties;
        var lnP = Math.Min(0, Math.Log(2) + Math.Min(table.LnAtMost(seen), table.LnAtLeast(seen)));
        return new ExactTestResult(Math.Exp(lnP), lnP / Math.Log(10));
    }

    /// <summary>All ways to draw the first group from the scores that there are.</summary>
    private sealed class Table(long wins, long ties, long losses, long drawn)
    {
        private readonly double _lnWays = LnChoose(wins + ties + losses, drawn);

        /// <summary>ln P(summed score in halves ≤ s).</summary>
        public double LnAtMost(long s) => LnSum((t, low, high) => (low, Math.Min(high, FloorHalf(s - t))));

        /// <summary>ln P(summed score in halves ≥ s).</summary>
        public double LnAtLeast(long s) => LnSum((t, low, high) => (Math.Max(low, -FloorHalf(t - s)), high));

        private double LnSum(Func<long, long, long, (long From, long To)> range)
        {
            var total = double.NegativeInfinity;
            for (var t = Math.Max(0, drawn - wins - losses); t <= Math.Min(ties, drawn); t++)
            {
                var rest = drawn - t;
                var (from, to) = range(t, Math.Max(0, rest - losses), Math.Min(wins, rest));
                if (from > to)
                {
                    continue;
                }

                // Wins among the rest are hypergeometric, whose terms fall to both sides of their mode: start at the largest in range.
                var top = Math.Clamp((rest + 1) * (wins + 1) / (wins + losses + 2), from, to);
                var lnTop = LnChoose(ties, t) + LnChoose(wins, top) + LnChoose(losses, rest - top) - _lnWays;
                if (lnTop + Math.Log(to - from + 1) < total - Negligible)
                {
                    continue;
                }

                var part = lnTop + Math.Log(1 + Above(top, to, rest) + Below(top, from, rest));
                total = double.IsNegativeInfinity(total) ? part : Math.Max(total, part) + Math.Log(1 + Math.Exp(-Math.Abs(total - part)));
            }

            return total;
        }

        private double Above(long top, long to, long rest)
        {
            double sum = 0, term = 1;
            for (var a = top; a < to; a++)
            {
                term *= (double)(wins - a) / (a + 1) * (rest - a) / (losses - rest + a + 1);
                sum += term;
                if (term < 1e-18 * (1 + sum))
                {
                    break;
                }
            }

            return sum;
        }

        private double Below(long top, long from, long rest)
        {
            double sum = 0, term = 1;
            for (var a = top; a > from; a--)
            {
                term *= (double)a / (wins - a + 1) * (losses - rest + a) / (rest - a + 1);
                sum += term;
                if (term < 1e-18 * (1 + sum))
                {
                    break;
                }
            }

            return sum;
        }

        private static long FloorHalf(long value) => value >> 1;

        private static double LnChoose(long n, long k) => k == 0 || k == n
            ? 0
            : SpecialFunctions.GammaLn(n + 1.0) - SpecialFunctions.GammaLn(k + 1.0) - SpecialFunctions.GammaLn(n - k + 1.0);
    }
}
