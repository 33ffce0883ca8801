using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Cfx.Core.Statistics;

/// <summary>The normal distribution, tails first.</summary>
public static class NormalTail
{
    /// <summary>P(|Z| ≥ |z|), without cancellation however far out.</summary>
    /// <param name="z">Any number.</param>
    public static double TwoSidedP(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The z that |Z| exceeds with probability 1 - <paramref name="confidence"/>.</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    public static double TwoSidedQuantile(double confidence) => Normal.InvCDF(0, 1, 1 - ((1 - confidence) / 2));
}
