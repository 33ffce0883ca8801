namespace Cfx.Core.Statistics;

/// <summary>The mean of any quantity (a difference of scores, of lengths) when values of one conversation are not independent.</summary>
public static class ClusteredMean
{
    /// <param name="sums">The values by conversation, each with weight 1.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static MeanEstimate Of(ClusterSums sums, double confidence)
    {
        var clusters = sums.Clusters.Count;
        if (sums.N == 0)
        {
            return new MeanEstimate(0, clusters, null, null, null, null);
        }

        var mean = sums.Total / sums.N;
        if (clusters < 2)
        {
            return new MeanEstimate(sums.N, clusters, mean, null, null, null);
        }

        var error = Math.Sqrt(sums.VarianceOfMean(mean));
        if (error == 0)
        {
            // That no variation was seen does not make the mean certain, and nothing says by how much it may be off.
            return new MeanEstimate(sums.N, clusters, mean, 0, null, null);
        }

        var margin = StudentTail.TwoSidedQuantile(confidence, clusters - 1) * error;
        return new MeanEstimate(
            sums.N,
            clusters,
            mean,
            error,
            new Interval(mean - margin, mean + margin),
            StudentTail.TwoSidedP(mean / error, clusters - 1));
    }
}
