namespace Cfx.Core.Statistics;

/// <summary>The percentile bootstrap over conversations (Efron 1979; clusters as units, Davison and Hinkley 1997, section 3.8). Each
/// replicate draws as many conversations as there are, with replacement, and takes their summed values over their summed weights.</summary>
/// <remarks>One <see cref="SplitMix64"/> stream goes through all replicates in turn, so a seed fixes every bit of the result. Pairs of one
/// conversation stay together, and with differences of scores as values both sides of a pairing do too.</remarks>
public static class ClusterBootstrap
{
    /// <summary>Enough that the interval's ends move by about a hundredth of its width from seed to seed.</summary>
    public const int DefaultReplicates = 10_000;

    /// <param name="sums">Values by conversation.</param>
    /// <param name="seed">Equal seeds give equal results.</param>
    /// <param name="replicates">At least 1.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="cancellationToken">Asked between replicates.</param>
    public static BootstrapResult Run(
        ClusterSums sums, ulong seed, int replicates, double confidence, CancellationToken cancellationToken = default) =>
        Summarise(Draw(sums, seed, replicates, cancellationToken), confidence);

    /// <summary>The replicates in the order drawn; NaN for one whose weights sum to 0.</summary>
    /// <param name="sums">Values by conversation; without any the result is empty.</param>
    /// <param name="seed">Equal seeds give equal results.</param>
    /// <param name="replicates">At least 1.</param>
    /// <param name="cancellationToken">Asked between replicates.</param>
    public static double[] Draw(ClusterSums sums, ulong seed, int replicates, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 1);
        var clusters = sums.Clusters.Select(c => (c.Sum, (double)c.Weight)).ToArray();
        if (clusters.Length == 0)
        {
            return [];
        }

        var random = new SplitMix64(seed);
        var result = new double[replicates];
        for (var b = 0; b < replicates; b++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double sum = 0, weight = 0;
            for (var i = 0; i < clusters.Length; i++)
            {
                var (value, count) = clusters[random.NextIndex(clusters.Length)];
                sum += value;
                weight += count;
            }

            result[b] = sum / weight;
        }

        return result;
    }

    /// <param name="draws">As <see cref="Draw"/> gives them; left as they are.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static BootstrapResult Summarise(IReadOnlyCollection<double> draws, double confidence)
    {
        var values = draws.Where(d => !double.IsNaN(d)).ToArray();
        var empty = draws.Count - values.Length;
        if (values.Length == 0)
        {
            return new BootstrapResult(0, empty, null, null, null);
        }

        var mean = values.Average();
        double squares = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        Array.Sort(values);
        return new BootstrapResult(
            values.Length,
            empty,
            mean,
            values.Length < 2 ? null : Math.Sqrt(squares / (values.Length - 1)),
            Quantile.CentralInterval(values, confidence));
    }
}
