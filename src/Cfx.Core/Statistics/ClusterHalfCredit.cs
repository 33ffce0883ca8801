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
    public ClusterHalfCreditResult Estimate(double confidence)
    {
        var clusters = Sums.Clusters.Count;
        var n = Sums.N;
        if (clusters < 2)
        {
            var h0 = n == 0 ? (double?)null : Sums.Total / n;
            return new ClusterHalfCreditResult(new HalfCreditResult(n, h0, null, Interval.Unknown, "none"), clusters, null, null, null, null);
        }

        var h = Sums.Total / n;
        var variance = Sums.VarianceOfMean(h);
        var error = Math.Sqrt(variance);
        var naive = Math.Max(0, (Sums.Squares - (n * h * h)) / (n - 1) / n);
        naive = naive < 1e-24 ? 0 : naive;
        double? t = error == 0 ? null : (h - 0.5) / error;
        return new ClusterHalfCreditResult(
            HalfCredit.WithT(n, h, error, StudentTail.TwoSidedQuantile(confidence, clusters - 1), confidence),
            clusters,
            Math.Sqrt(naive),
            naive == 0 ? null : variance / naive,
            t,
            t is { } value ? StudentTail.TwoSidedP(value, clusters - 1) : null);
    }

    /// <summary>Each conversation's credit above a half per pair, summed: what the sign-flip test permutes.</summary>
    public IReadOnlyList<double> CentredSums() => [.. Sums.Clusters.Select(c => c.Sum - (0.5 * c.Weight))];
}
