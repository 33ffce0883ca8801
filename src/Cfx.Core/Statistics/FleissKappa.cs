namespace Cfx.Core.Statistics;

/// <summary>Fleiss' kappa (1971) of several judges: gathers each item's votes. Items may have different numbers of judges, two or more.</summary>
/// <remarks>The error is the linearised one of Gwet (2021, "Large-sample variance of Fleiss generalized kappa"), which does not assume
/// kappa 0; where conversations gave several items, each item's part in it is summed by conversation. Equal votes are held once with a
/// count, and of items whose conversation is told two numbers each.</remarks>
/// <param name="categories">At least 2.</param>
public sealed class FleissKappa(int categories)
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<(int[] Votes, long Count)> _patterns = [];
    private readonly ConversationItems<int> _items = new();

    /// <summary>Items with fewer than two votes: on these nobody can agree, and they are left out.</summary>
    public long Skipped { get; private set; }

    /// <param name="votes">How many judges chose each category.</param>
    /// <param name="conversation">Where the item is from; told of every item, or of none, which are then independent.</param>
    public void Add(ReadOnlySpan<int> votes, string? conversation = null)
    {
        if (votes.Length != categories)
        {
            throw new ArgumentException($"One number for each of {categories} categories, not {votes.Length}.", nameof(votes));
        }

        var judges = 0;
        foreach (var vote in votes)
        {
            judges += vote >= 0 ? vote : throw new ArgumentOutOfRangeException(nameof(votes), vote, "At least 0.");
        }

        if (judges < 2)
        {
            Skipped++;
            return;
        }

        var copy = votes.ToArray();
        var key = string.Join(',', copy);
        if (!_index.TryGetValue(key, out var pattern))
        {
            _index.Add(key, pattern = _patterns.Count);
            _patterns.Add((copy, 0));
        }

        _patterns[pattern] = (copy, _patterns[pattern].Count + 1);
        if (conversation is not null)
        {
            _items.Add(conversation, pattern);
        }
    }

    /// <param name="confidence">Above 0, below 1.</param>
    public KappaResult Estimate(double confidence = 0.95)
    {
        var n = _patterns.Sum(p => p.Count);
        if (n == 0)
        {
            return new KappaResult(0, null, null, null, null, null);
        }

        var shares = new double[categories];
        double observed = 0;
        foreach (var (votes, count) in _patterns)
        {
            double judges = votes.Sum();
            observed += count * Agreement(votes, judges) / n;
            for (var c = 0; c < categories; c++)
            {
                shares[c] += count * votes[c] / judges / n;
            }
        }

        var expected = shares.Sum(s => s * s);
        if (1 - expected < 1e-12)
        {
            return new KappaResult(n, observed, expected, null, null, null);
        }

        var kappa = (observed - expected) / (1 - expected);
        var influences = _patterns.ConvertAll(p => Influence(p.Votes, shares, kappa, expected));
        if (_items.IsClustered)
        {
            var sums = _items.Grouped().Select(g => g.Sum(pattern => influences[pattern])).ToList();
            double g = sums.Count;
            return g < 2
                ? new KappaResult(n, observed, expected, kappa, null, null)
                : KappaResult.Of(n, observed, expected, kappa, g / (g - 1) * sums.Sum(s => s * s) / n / n, confidence, sums.Count);
        }

        var squares = _patterns.Select((p, i) => p.Count * influences[i] * influences[i]).Sum();
        return n < 2
            ? new KappaResult(n, observed, expected, kappa, null, null)
            : KappaResult.Of(n, observed, expected, kappa, squares / (n - 1) / n, confidence);
    }

    private static double Influence(int[] votes, double[] shares, double kappa, double expected)
    {
        double judges = votes.Sum();
        var chance = shares.Select((share, c) => share * votes[c] / judges).Sum();
        var own = (Agreement(votes, judges) - expected) / (1 - expected);
        return own - (2 * (1 - kappa) * (chance - expected) / (1 - expected)) - kappa;
    }

    private static double Agreement(int[] votes, double judges) => votes.Sum(v => v * (v - 1.0)) / (judges * (judges - 1));
}
