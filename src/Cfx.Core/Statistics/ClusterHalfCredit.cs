namespace Cfx.Core.Statistics;

/// <summary>Gathers scores by conversation, in memory that grows with the conversations and not with the pairs.</summary>
public sealed class ClusterHalfCredit
{
    private readonly Dictionary<string, (double Sum, long Count)> _clusters = new(StringComparer.Ordinal);
    private double _sum;
    private double _squares;
    private long _n;

    /// <summary>True as soon as one conversation gave several pairs.</summary>
    public bool IsClustered => _n > _clusters.Count;

    /// <param name="cluster">The conversation.</param>
    /// <param name="score">0 to 1.</param>
    public void Add(string cluster, double score)
    {
        var (sum, count) = _clusters.GetValueOrDefault(cluster);
        _clusters[cluster] = (sum + score, count + 1);
        _sum += score;
        _squares += score * score;
        _n++;
    }

    /// <summary>The rate with V = G/(G-1) Σ(cluster's summed deviation)² / n² and a t interval on G - 1 degrees of freedom.</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    public ClusterHalfCreditResult Estimate(double confidence)
    {
        var clusters = _clusters.Count;
        if (clusters < 2)
        {
            var h0 = _n == 0 ? (double?)null : _sum / _n;
            return new ClusterHalfCreditResult(new HalfCreditResult(_n, h0, null, Interval.Unknown, "none"), clusters, null, null, null, null);
        }

        var h = _sum / _n;
        var between = 0.0;
        foreach (var (sum, count) in _clusters.Values)
        {
            var deviation = sum - (count * h);
            between += deviation * deviation;
        }

        var variance = (double)clusters / (clusters - 1) * between / _n / _n;
        // Rounding must not turn "no variation" into a tiny error and a huge t.
        var error = variance < 1e-24 ? 0 : Math.Sqrt(variance);
        var naive = Math.Max(0, (_squares - (_n * h * h)) / (_n - 1) / _n);
        naive = naive < 1e-24 ? 0 : naive;
        double? t = error == 0 ? null : (h - 0.5) / error;
        return new ClusterHalfCreditResult(
            HalfCredit.WithT(_n, h, error, clusters - 1, confidence),
            clusters,
            Math.Sqrt(naive),
            naive == 0 ? null : variance / naive,
            t,
            t is { } value ? StudentTail.TwoSidedP(value, clusters - 1) : null);
    }

    /// <summary>Each conversation's credit above a half per pair, summed: what the sign-flip test permutes.</summary>
    public IReadOnlyList<double> CentredSums() => [.. _clusters.Values.Select(c => c.Sum - (0.5 * c.Count))];
}
