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

    /// <summary>The t that |T| exceeds with probability 1 - <paramref name="confidence"/>.</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="degreesOfFreedom">Above 0.</param>
    public static double TwoSidedQuantile(double confidence, double degreesOfFreedom)
    {
        var alpha = 1 - confidence;
        var t = StudentT.InvCDF(0, 1, degreesOfFreedom, 1 - (alpha / 2));
        // The library's inverse is good to 1e-8; Newton on the tail doubles the digits at each step.
        for (var i = 0; i < 3; i++)
        {
            t += (TwoSidedP(t, degreesOfFreedom) - alpha) / (2 * StudentT.PDF(0, 1, degreesOfFreedom, t));
        }

        return t;
    }
}
