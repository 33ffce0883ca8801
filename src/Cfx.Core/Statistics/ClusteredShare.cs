namespace Cfx.Core.Statistics;

/// <summary>The interval of a share when several units come from one conversation: Wilson's formula at the number of independent units that
/// would have the same error.</summary>
/// <remarks>n* = n / design effect · (z / t)², with Student's t on conversations - 1 degrees of freedom; never more than n. Korn and Graubard
/// 1998 for the effective number, Dean and Pagano 2015 for Wilson's formula with it. Where the conversations show no variation at all each
/// counts as one unit.</remarks>
public static class ClusteredShare
{
    /// <param name="sums">By conversation, how many units have it and how many there are; without conversations that have no unit.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <returns>[0, 1] where all units are of one conversation, or there are none.</returns>
    public static Interval Of(ClusterSums sums, double confidence)
    {
        var clusters = sums.Clusters.Count;
        if (clusters < 2)
        {
            return Interval.Unknown;
        }

        var share = Math.Clamp(sums.Total / sums.N, 0, 1);
        var variance = sums.VarianceOfMean(share);
        var ratio = NormalTail.TwoSidedQuantile(confidence) / StudentTail.TwoSidedQuantile(confidence, clusters - 1);
        var units = variance == 0 ? clusters : share * (1 - share) / variance * ratio * ratio;
        return Wilson.AtEffective(share, Math.Min(sums.N, units), confidence);
    }
}
