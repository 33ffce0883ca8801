namespace Cfx.Core.Statistics;

/// <summary>Gathers scores by conversation, in memory that grows with the conversations and not with the pairs.</summary>
public sealed class ClusterHalfCredit
{
    /// <summary>True as soon as one conversation gave several pairs.</summary>
    public bool IsClustered => Sums.IsClustered;

    /// <summary>The scores by conversation, for the bootstrap.</summary>
    public ClusterSums Sums { get; } = new();

    /// <param name="cluster">The conversation.</param>
    /// <param name="score">0 to 1.</param>
    public void Add(string cluster, double score) => Sums.Add(cluster, score);

    /// <summary>The rate with V = G/(G-1) Σ(cluster's summed deviation)² / n² and a t interval on G - 1 degrees of freedom.</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    public ClusterHalfCreditResult Estimate(double confidence) => Of(Sums, confidence);

    /// <summary>The same of scores that were summed elsewhere.</summary>
    /// <param name="sums">Scores from 0 to 1 by conversation, each with weight 1.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static ClusterHalfCreditResult Of(ClusterSums sums, double confidence)
    {
        var clusters = sums.Clusters.Count;
        var n = sums.N;
        if (clusters < 2)
        {
            var h0 = n == 0 ? (double?)null : sums.Total / n;
            return new ClusterHalfCreditResult(new HalfCreditResult(n, h0, null, Interval.Unknown, "none"), clusters, null, null, null, null);
        }

        var h = sums.Total / n;
        var variance = sums.VarianceOfMean(h);
        var error = Math.Sqrt(variance);
        var naive = Math.Max(0, (sums.Squares - (n * h * h)) / (n - 1) / n);
        naive = naive < 1e-24 ? 0 : naive;
        double? t = error == 0 ? null : (h - 0.5) / error;
        return new ClusterHalfCreditResult(
            HalfCredit.WithT(n, h, error, StudentTail.TwoSidedQuantile(confidence, clusters - 1), confidence, clusters),
            clusters,
            Math.Sqrt(naive),
            naive == 0 || variance == 0 ? null : variance / naive,
            t,
            t is { } value ? StudentTail.TwoSidedP(value, clusters - 1) : null);
    }

    /// <summary>Each conversation's credit above a half per pair, summed: what the sign-flip test permutes.</summary>
    public IReadOnlyList<double> CentredSums() => [.. Sums.Clusters.Select(c => c.Sum - (0.5 * c.Weight))];
}
