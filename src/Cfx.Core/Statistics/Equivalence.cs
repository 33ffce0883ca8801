namespace Cfx.Core.Statistics;

/// <summary>Two one-sided t tests (Schuirmann 1987): only this shows that two arms are about equal. A difference that is not significant
/// does not.</summary>
public static class Equivalence
{
    /// <param name="h">The half-credit rate.</param>
    /// <param name="standardError">At least 0; 0 makes each test certain.</param>
    /// <param name="degreesOfFreedom">Above 0; pairs or conversations minus 1.</param>
    /// <param name="margin">Above 0: how far from 1/2 still counts as equal, chosen before the data were seen.</param>
    public static EquivalenceResult Test(double h, double standardError, double degreesOfFreedom, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(standardError);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        return new EquivalenceResult(
            OneSided(h - (0.5 - margin), standardError, degreesOfFreedom),
            OneSided(0.5 + margin - h, standardError, degreesOfFreedom));
    }

    private static double OneSided(double distance, double error, double degreesOfFreedom) =>
        error > 0 ? StudentTail.UpperP(distance / error, degreesOfFreedom) : distance > 0 ? 0 : 1;
}
