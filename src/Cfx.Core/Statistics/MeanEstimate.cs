namespace Cfx.Core.Statistics;

/// <summary>A mean of any quantity with its clustered uncertainty.</summary>
/// <param name="N">How many values.</param>
/// <param name="Clusters">How many conversations they came from.</param>
/// <param name="Mean">In the quantity's unit; null without values.</param>
/// <param name="StandardError">Null below two conversations.</param>
/// <param name="Interval">Student's t on <paramref name="Clusters"/> - 1 degrees of freedom, not clipped; null below two conversations and where
/// there is no variation at all (unless the quantity has bounds, which then give one: Wilson's).</param>
/// <param name="PValue">Two-sided, for a mean of 0; null where undefined, also where there is no variation at all.</param>
public sealed record MeanEstimate(long N, int Clusters, double? Mean, double? StandardError, Interval? Interval, double? PValue);
