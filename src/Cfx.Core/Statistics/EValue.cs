using MathNet.Numerics;

namespace Cfx.Core.Statistics;

/// <summary>Evidence against equal arms that may be looked at as often as one likes: a mixture likelihood ratio with Jeffreys' Beta(1/2, 1/2)
/// prior (Robbins 1970; Ramdas et al. 2023). Under no difference it grows beyond any x with probability 1/x at most, at whatever time.</summary>
public static class EValue
{
    /// <summary>ln E = ln B(W + 1/2, L + 1/2) - ln π + (W + L) ln 2. Ties play no part.</summary>
    /// <param name="wins">At least 0.</param>
    /// <param name="losses">At least 0.</param>
    public static double LnE(long wins, long losses) => LnE(wins, losses, 0.5);

    /// <summary>The same against a share of wins of <paramref name="q"/> among decided pairs.</summary>
    /// <param name="wins">At least 0.</param>
    /// <param name="losses">At least 0.</param>
    /// <param name="q">0 to 1.</param>
    /// <returns>Infinite where such a share cannot give such counts.</returns>
    public static double LnE(long wins, long losses, double q)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wins);
        ArgumentOutOfRangeException.ThrowIfNegative(losses);
        return LnMixture(wins, losses) - LnLikelihood(wins, losses, q);
    }

    /// <summary>ln of the likelihood averaged over the prior.</summary>
    internal static double LnMixture(long wins, long losses) =>
        SpecialFunctions.GammaLn(wins + 0.5) + SpecialFunctions.GammaLn(losses + 0.5) - SpecialFunctions.GammaLn(wins + losses + 1.0)
        - Math.Log(Math.PI);

    internal static double LnLikelihood(long wins, long losses, double q) =>
        (wins == 0 ? 0 : wins * Math.Log(q)) + (losses == 0 ? 0 : losses * Math.Log(1 - q));

    /// <summary>A p-value that holds at any time: min(1, 1/E) of the largest E so far.</summary>
    /// <param name="largestLnE">Of all looks.</param>
    public static double AnytimeP(double largestLnE) => Math.Min(1, Math.Exp(-largestLnE));

    /// <summary>The ln E at which a study may stop: ln(comparisons / alpha), so 20 for one comparison and 60 for three at 5%.</summary>
    /// <param name="comparisons">At least 1.</param>
    /// <param name="alpha">Above 0, below 1.</param>
    public static double StoppingLnE(int comparisons, double alpha = 0.05) => Math.Log(comparisons / alpha);
}
