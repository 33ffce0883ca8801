using Cfx.Core.Evaluation;

namespace Cfx.Core.Statistics;

/// <summary>Order consistency, flips and the pull of the first slot, from verdicts in both orders.</summary>
public static class JudgeReliability
{
    /// <param name="pairs">Complete pairs, each with its two verdicts by slot; errors are clustered where a conversation gave several.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static JudgeReliabilityResult From(ConversationItems<(Verdict Normal, Verdict Reversed)> pairs, double confidence) =>
        From(Table(pairs.All), confidence, pairs.IsClustered ? [.. pairs.Grouped().Select(Table)] : null);

    /// <param name="table">Complete pairs.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="conversations">The same pairs in one table a conversation, where conversations gave several: all errors are then clustered, and
    /// the flips' direction is tested over conversations; null for independent pairs.</param>
    public static JudgeReliabilityResult From(SlotTable table, double confidence, IReadOnlyList<SlotTable>? conversations = null)
    {
        var n = table.N;
        var consistent = Consistent(table);
        long first = First(table), second = Second(table);
        var (bias, error, interval) = Bias(table, confidence, conversations);
        Interval Of(long count, Func<SlotTable, long> share) =>
            conversations is null ? Wilson.For(count, n, confidence) : ClusteredShare.Of(ClusterSums.OfShares(conversations, share, t => t.N), confidence);
        return new JudgeReliabilityResult
        {
            N = n,
            Consistency = Share(consistent, n),
            ConsistencyInterval = Of(consistent, Consistent),
            FlipRate = Share(first + second, n),
            FlipInterval = Of(first + second, t => First(t) + Second(t)),
            SoftRate = Share(n - consistent - first - second, n),
            SoftInterval = Of(n - consistent - first - second, t => t.N - Consistent(t) - First(t) - Second(t)),
            FirstSlotBias = bias,
            FirstSlotBiasError = error,
            FirstSlotBiasInterval = interval,
            FlipDirection = conversations is null
                ? SignTest.TwoSided(first, second)
                : SignTest.TwoSided(conversations.Count(t => First(t) > Second(t)), conversations.Count(t => First(t) < Second(t))),
            OrderKappa = CohenKappa.Of(table.ByModel(), KappaWeights.None, confidence, conversations?.Select(t => t.ByModel()).ToList()),
        };
    }

    private static SlotTable Table(IEnumerable<(Verdict Normal, Verdict Reversed)> pairs)
    {
        var table = new SlotTable();
        foreach (var (normal, reversed) in pairs)
        {
            table.Add(normal, reversed);
        }

        return table;
    }

    private static long Consistent(SlotTable table) => table.Count(o => o.Outcome != OutcomeKind.Tie || o.TieKind == TieKind.Consistent);

    private static long First(SlotTable table) => table[Verdict.A, Verdict.A];

    private static long Second(SlotTable table) => table[Verdict.B, Verdict.B];

    private static (double? Bias, double? Error, Interval? Interval) Bias(SlotTable table, double confidence, IReadOnlyList<SlotTable>? conversations)
    {
        HalfCreditResult share;
        var units = conversations?.Count ?? table.N;
        if (conversations is null)
        {
            share = HalfCredit.FromScores(table.FirstSlotScores(), confidence);
        }
        else
        {
            var sums = new ClusterSums();
            foreach (var scores in conversations.Select(t => t.FirstSlotScores()))
            {
                sums.AddWhole(scores.Sum(s => s.Score * s.Count), scores.Sum(s => s.Score * s.Score * s.Count), scores.Sum(s => s.Count));
            }

            share = ClusterHalfCredit.Of(sums, confidence).HalfCredit;
        }

        if (share is not { H: { } h, StandardError: { } error })
        {
            return (share.H - 0.5, null, null);
        }

        // Without variation the share's interval is Wilson's, as for a win rate.
        var margin = error == 0 ? 0 : StudentTail.TwoSidedQuantile(confidence, units - 1) * error;
        return (h - 0.5, error, error == 0 ? new Interval(share.Interval.Lower - 0.5, share.Interval.Upper - 0.5) : new Interval(h - 0.5 - margin, h - 0.5 + margin));
    }

    private static double? Share(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
