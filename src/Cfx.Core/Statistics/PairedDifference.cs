namespace Cfx.Core.Statistics;

/// <summary>Gathers two scores a context (feedback against base, alternative against base) and compares them within contexts, which takes
/// the contexts' own difficulty out.</summary>
public sealed class PairedDifference
{
    private double _firsts;
    private double _seconds;
    private double _firstSquares;
    private double _secondSquares;
    private double _products;

    /// <summary>The differences by conversation, for the bootstrap.</summary>
    public ClusterSums Differences { get; } = new();

    /// <param name="conversation">Contexts of one conversation are not independent.</param>
    /// <param name="first">0 to 1.</param>
    /// <param name="second">0 to 1, on the same context.</param>
    public void Add(string conversation, double first, double second)
    {
        Differences.Add(conversation, first - second);
        _firsts += first;
        _seconds += second;
        _firstSquares += first * first;
        _secondSquares += second * second;
        _products += first * second;
    }

    /// <param name="confidence">Above 0, below 1.</param>
    public PairedDifferenceResult Estimate(double confidence)
    {
        var difference = ClusteredMean.Of(Differences, confidence);
        if (difference is { StandardError: 0, Mean: { } mean })
        {
            // A difference lies in -1..1: stretched to 0..1 no variance exceeds a share's, so Wilson's interval over conversations holds.
            var share = Wilson.AtEffective((mean + 1) / 2, difference.Clusters, confidence);
            difference = difference with { Interval = new Interval((2 * share.Lower) - 1, (2 * share.Upper) - 1) };
        }

        double n = Differences.N;
        if (n < 2)
        {
            return new PairedDifferenceResult(difference, null, null);
        }

        var first = Math.Max(0, _firstSquares - (_firsts * _firsts / n));
        var second = Math.Max(0, _secondSquares - (_seconds * _seconds / n));
        var both = _products - (_firsts * _seconds / n);
        return new PairedDifferenceResult(
            difference,
            Math.Sqrt((first + second) / (n - 1) / n),
            first < 1e-12 || second < 1e-12 ? null : Math.Clamp(both / Math.Sqrt(first * second), -1, 1));
    }
}
