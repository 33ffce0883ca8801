namespace Cfx.Core.Statistics.Calibration;

/// <summary>Davidson's model of one pair.</summary>
internal static class PairTruth
{
    /// <summary>Chances that the first is better, that both are equal, that the second is better.</summary>
    /// <param name="strength">Log strength of the first minus the second's.</param>
    /// <param name="tieRate">The chance of equal answers between equal arms, 0 to below 1.</param>
    public static double[] Chances(double strength, double tieRate)
    {
        var nu = 2 * tieRate / (1 - tieRate);
        double win = Math.Exp(strength / 2), loss = Math.Exp(-strength / 2);
        var whole = win + nu + loss;
        return [win / whole, nu / whole, loss / whole];
    }
}
