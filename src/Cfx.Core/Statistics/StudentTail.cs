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

    /// <summary>The t that |T| exceeds with probability 1 - <paramref name="confidence"/>; infinity where that is 0.</summary>
    /// <param name="confidence">Above 0, at most 1.</param>
    /// <param name="degreesOfFreedom">Above 0.</param>
    public static double TwoSidedQuantile(double confidence, double degreesOfFreedom)
    {
        var alpha = 1 - confidence;
        if (alpha <= 0)
        {
            return double.PositiveInfinity;
        }

        // Either start is good to 1e-4 or better; Newton on the tail doubles the digits at each step.
        var t = degreesOfFreedom >= 30
            ? Expanded(NormalTail.TwoSidedQuantile(confidence), degreesOfFreedom)
            : Bracketed(alpha, degreesOfFreedom);
        for (var i = 0; i < 3; i++)
        {
            var step = (TwoSidedP(t, degreesOfFreedom) - alpha) / (2 * StudentT.PDF(0, 1, degreesOfFreedom, t));
            t += double.IsFinite(step) ? step : 0;
        }

        return t;
    }

    // The library's own inverse looks between -800 and 800 only, and with few degrees of freedom the tail reaches further.
    private static double Bracketed(double alpha, double degreesOfFreedom)
    {
        double low = 0, high = 1;
        while (TwoSidedP(high, degreesOfFreedom) > alpha)
        {
            (low, high) = (high, 2 * high);
        }

        while (high - low > 1e-6 * high)
        {
            var middle = (low + high) / 2;
            (low, high) = TwoSidedP(middle, degreesOfFreedom) > alpha ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
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
