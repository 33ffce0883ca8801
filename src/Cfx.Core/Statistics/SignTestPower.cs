using MathNet.Numerics;

namespace Cfx.Core.Statistics;

/// <summary>The exact power of the sign test, to check <see cref="Power"/>'s normal approximation in planning; never after the data.</summary>
public static class SignTestPower
{
    /// <param name="decisive">Decided pairs, 0 or more.</param>
    /// <param name="winRate">The share of wins among them, 0 to 1.</param>
    /// <param name="alpha">Two-sided level, above 0, below 1.</param>
    public static SignTestPowerResult At(long decisive, double winRate, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decisive);
        ArgumentOutOfRangeException.ThrowIfNegative(winRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(winRate, 1);
        // p rises with the rarer side's count, so halving finds the last count that is significant; none is at -1.
        long none = -1, enough = (decisive + 1) / 2;
        while (enough - none > 1)
        {
            var middle = (none + enough) / 2;
            if (SignTest.TwoSided(middle, decisive - middle).PValue <= alpha)
            {
                none = middle;
            }
            else
            {
                enough = middle;
            }
        }

        return none < 0
            ? new SignTestPowerResult(null, 0, 0)
            : new SignTestPowerResult(none, Beyond(decisive, none, 0.5), Beyond(decisive, none, winRate));
    }

    /// <summary>P(X ≤ c) + P(X ≥ n - c) for X ~ Binomial(n, q), each tail by the incomplete beta function and not as a complement.</summary>
    private static double Beyond(long n, long c, double q) =>
        Math.Min(1, SpecialFunctions.BetaRegularized(n - c, c + 1.0, 1 - q) + SpecialFunctions.BetaRegularized(n - c, c + 1.0, q));
}
