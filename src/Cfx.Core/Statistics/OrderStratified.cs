namespace Cfx.Core.Statistics;

/// <summary>The estimate for old logs in which each conversation was judged in one random order: the two orders are taken apart and weigh
/// the same, which cancels the pull of the slot.</summary>
/// <remarks>h = (h_normal + h_reversed)/2 and bias = (h_normal - h_reversed)/2, both with half of √(SE_normal² + SE_reversed²) as large-sample
/// error. The intervals are made of the orders' own (<see cref="Mover"/>), and the tests are exact (<see cref="ScorePermutationTest"/>), since an
/// order without variation would add nothing to that error. What a single pair owes to its order cannot be told: that needs both orders
/// of the same pair.</remarks>
public static class OrderStratified
{
    /// <param name="normal">Pairs that model1 won, tied and lost with model1 in slot A.</param>
    /// <param name="reversed">The same with model2 in slot A.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static OrderStratifiedResult From(
        (long Wins, long Ties, long Losses) normal, (long Wins, long Ties, long Losses) reversed, double confidence)
    {
        var one = HalfCredit.FromCounts(normal.Wins, normal.Ties, normal.Losses, confidence);
        var two = HalfCredit.FromCounts(reversed.Wins, reversed.Ties, reversed.Losses, confidence);
        var n = one.N + two.N;
        double? pooled = n == 0 ? null : (((one.H ?? 0) * one.N) + ((two.H ?? 0) * two.N)) / n;
        if (one.H is not { } h1 || two.H is not { } h2)
        {
            return new OrderStratifiedResult(n, null, null, Interval.Unknown, null, null, null, null, pooled);
        }

        double? error = one.StandardError is { } e1 && two.StandardError is { } e2 ? Math.Sqrt((e1 * e1) + (e2 * e2)) / 2 : null;
        var (of1, of2) = (Mover.Of(one), Mover.Of(two));
        var (sum, difference) = (Mover.Sum(h1, of1, h2, of2), Mover.Difference(h1, of1, h2, of2));
        return new OrderStratifiedResult(
            n,
            (h1 + h2) / 2,
            error,
            new Interval(Math.Max(0, sum.Lower / 2), Math.Min(1, sum.Upper / 2)),
            // Of two equal models slot A wins as often in either order. Its losses in the reversed order are model1's wins.
            ScorePermutationTest.TwoSided(normal, (reversed.Losses, reversed.Ties, reversed.Wins)),
            (h1 - h2) / 2,
            new Interval(difference.Lower / 2, difference.Upper / 2),
            // To a judge without a pull the order makes no difference to how often model1 wins.
            ScorePermutationTest.TwoSided(normal, reversed),
            pooled);
    }
}
