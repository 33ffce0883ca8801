namespace Cfx.Core.Statistics;

/// <summary>Fleiss' kappa (1971) of several judges: gathers each item's votes. Items may have different numbers of judges, two or more.</summary>
/// <remarks>The error is the linearised one of Gwet (2021, "Large-sample variance of Fleiss generalized kappa"), which does not assume
/// kappa 0. Equal votes are held once with a count, so memory does not grow with the items.</remarks>
/// <param name="categories">At least 2.</param>
public sealed class FleissKappa(int categories)
{
    private readonly Dictionary<string, (int[] Votes, long Count)> _patterns = new(StringComparer.Ordinal);

    /// <summary>Items with fewer than two votes: on these nobody can agree, and they are left out.</summary>
    public long Skipped { get; private set; }

    /// <param name="votes">How many judges chose each category.</param>
    public void Add(ReadOnlySpan<int> votes)
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
        _patterns[key] = (copy, _patterns.GetValueOrDefault(key).Count + 1);
    }

    /// <param name="confidence">Above 0, below 1.</param>
    public KappaResult Estimate(double confidence = 0.95)
    {
        var n = _patterns.Values.Sum(p => p.Count);
        if (n == 0)
        {
            return new KappaResult(0, null, null, null, null, null);
        }

        var shares = new double[categories];
        double observed = 0;
        foreach (var (votes, count) in _patterns.Values)
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
        double squares = 0;
        foreach (var (votes, count) in _patterns.Values)
        {
            double judges = votes.Sum();
            double chance = 0;
            for (var c = 0; c < categories; c++)
            {
                chance += shares[c] * votes[c] / judges;
            }

            var own = (Agreement(votes, judges) - expected) / (1 - expected);
            var influence = own - (2 * (1 - kappa) * (chance - expected) / (1 - expected)) - kappa;
            squares += count * influence * influence;
        }

        return n < 2
            ? new KappaResult(n, observed, expected, kappa, null, null)
            : KappaResult.Of(n, observed, expected, kappa, squares / (n - 1) / n, confidence);
    }

    private static double Agreement(int[] votes, double judges) => votes.Sum(v => v * (v - 1.0)) / (judges * (judges - 1));
}
