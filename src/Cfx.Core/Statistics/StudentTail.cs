using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Cfx.Core.Statistics;

/// <summary>Student's t, tails first.</summary>
public static class StudentTail
{
    /// <summary>P(|T| ≥ |t|).</summary>
    /// <param name="t">Any number; infinity gives 0.</param>
    /// <param name="degreesOfFreedom">Above 0.</param>
    public static double TwoSidedP(double t, double degreesOfFreedom) =>
        double.IsInfinity(t)
            ? 0
            : SpecialFunctions.BetaRegularized(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + (t * t)));

    /// <summary>P(T ≥ t).</summary>
    /// <param name="t">Any number.</param>
    /// <param name="degreesOfFreedom">Above 0.</param>
    public static double UpperP(double t, double degreesOfFreedom) =>
        t >= 0 ? TwoSidedP(t, degreesOfFreedom) / 2 : 1 - (TwoSidedP(t, degreesOfFreedom) / 2);

    /// <summary>The t that |T| exceeds with probability 1 - <paramref name="confidence"/>.</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="degreesOfFreedom">Above 0.</param>
    public static double TwoSidedQuantile(double confidence, double degreesOfFreedom)
    {
        var alpha = 1 - confidence;
        // Either start is good to 1e-4 or better; Newton on the tail doubles the digits at each step.
        var t = degreesOfFreedom >= 30
            ? Expanded(NormalTail.TwoSidedQuantile(confidence), degreesOfFreedom)
            : StudentT.InvCDF(0, 1, degreesOfFreedom, 1 - (alpha / 2));
        for (var i = 0; i < 3; i++)
        {
            t += (TwoSidedP(t, degreesOfFreedom) - alpha) / (2 * StudentT.PDF(0, 1, degreesOfFreedom, t));
        }

        return t;
    }

    /// <summary>Cornish and Fisher's expansion of t in the normal quantile (Abramowitz and Stegun 26.7.5): no search, for many degrees of
    /// freedom.</summary>
    private static double Expanded(double z, double v)
    {
        var z2 = z * z;
        return z
            + (z * (z2 + 1) / (4 * v))
            + (z * ((((5 * z2) + 16) * z2) + 3) / (96 * v * v))
            + (z * ((((((3 * z2) + 19) * z2) + 17) * z2) - 15) / (384 * v * v * v));
    }
}
