namespace Cfx.Core.Statistics;

/// <summary>Values summed by conversation, in the order in which conversations first came: what clustered errors and the bootstrap start
/// from. Memory grows with the conversations, not with the values.</summary>
public sealed class ClusterSums
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<(double Sum, long Weight)> _clusters = [];

    /// <summary>How many values, or the weights' total.</summary>
    public long N { get; private set; }

    /// <summary>Of all values.</summary>
    public double Total { get; private set; }

    /// <summary>Of all values' squares.</summary>
    public double Squares { get; private set; }

    /// <summary>Each conversation's sum of values and sum of weights.</summary>
    public IReadOnlyList<(double Sum, long Weight)> Clusters => _clusters;

    /// <summary>True as soon as one conversation gave several values.</summary>
    public bool IsClustered => N > _clusters.Count;

    /// <param name="cluster">The conversation.</param>
    /// <param name="value">Any finite number.</param>
    /// <param name="weight">What the value counts in the denominator: 1 for a mean, 0 or 1 for a share among some.</param>
    public void Add(string cluster, double value, long weight = 1)
    {
        if (_index.TryGetValue(cluster, out var index))
        {
            var (sum, total) = _clusters[index];
            _clusters[index] = (sum + value, total + weight);
        }
        else
        {
            _index.Add(cluster, _clusters.Count);
            _clusters.Add((value, weight));
        }

        N += weight;
        Total += value;
        Squares += value * value;
    }

    /// <summary>A conversation with all its values at once, which must not come again.</summary>
    /// <param name="sum">Of its values.</param>
    /// <param name="squares">Of its values' squares.</param>
    /// <param name="weight">Of its values together; with 0 it is not there.</param>
    internal void AddWhole(double sum, double squares, long weight)
    {
        if (weight == 0)
        {
            return;
        }

        _clusters.Add((sum, weight));
        N += weight;
        Total += sum;
        Squares += squares;
    }

    /// <summary>How many of a conversation's units have something, and how many units there are, for all conversations.</summary>
    /// <typeparam name="T">What a conversation is.</typeparam>
    /// <param name="conversations">Each once.</param>
    /// <param name="have">Units that have it.</param>
    /// <param name="units">All units.</param>
    internal static ClusterSums OfShares<T>(IEnumerable<T> conversations, Func<T, long> have, Func<T, long> units)
    {
        var sums = new ClusterSums();
        foreach (var conversation in conversations)
        {
            var count = have(conversation);
            sums.AddWhole(count, count, units(conversation));
        }

        return sums;
    }

    /// <summary>The mean's variance, conversations being the units: G/(G-1) Σ(cluster's summed deviation)² / n². Rounding does not turn "no
    /// variation" into a tiny number.</summary>
    /// <remarks>The linearised ratio estimator's variance; Liang and Zeger 1986 with the usual small-sample factor.</remarks>
    /// <param name="mean">Total / N.</param>
    /// <returns>At least 0; NaN below two conversations.</returns>
    public double VarianceOfMean(double mean)
    {
        var between = 0.0;
        foreach (var (sum, weight) in _clusters)
        {
            var deviation = sum - (weight * mean);
            between += deviation * deviation;
        }

        double count = _clusters.Count;
        var variance = count / (count - 1) * between / N / N;
        return variance < 1e-24 ? 0 : variance;
    }
}
