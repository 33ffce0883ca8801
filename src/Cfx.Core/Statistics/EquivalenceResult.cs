namespace Cfx.Core.Statistics;

/// <summary>Two one-sided tests' outcome.</summary>
/// <param name="LowerP">Against a rate of 1/2 - margin or less.</param>
/// <param name="UpperP">Against a rate of 1/2 + margin or more.</param>
public sealed record EquivalenceResult(double LowerP, double UpperP)
{
    /// <summary>The larger of the two: at or below the level, the rate is shown to be within the margin.</summary>
    public double PValue => Math.Max(LowerP, UpperP);
}
