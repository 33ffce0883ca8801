using Cfx.Core.Evaluation;

namespace Cfx.Core.Statistics;

/// <summary>Order consistency, flips and the pull of the first slot, from verdicts in both orders.</summary>
public static class JudgeReliability
{
    /// <param name="table">Complete pairs.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="firstSlotScores"><see cref="SlotTable.FirstSlotScore"/> of the same pairs by conversation, where conversations gave
    /// several; the bias then has a clustered error.</param>
    public static JudgeReliabilityResult From(SlotTable table, double confidence, ClusterSums? firstSlotScores = null)
    {
        var n = table.N;
        var consistent = table.Count(o => o.Outcome != OutcomeKind.Tie || o.TieKind == TieKind.Consistent);
        long first = table[Verdict.A, Verdict.A], second = table[Verdict.B, Verdict.B];
        var (bias, error, interval) = Bias(table, confidence, firstSlotScores);
        return new JudgeReliabilityResult
        {
            N = n,
            Consistency = Share(consistent, n),
            ConsistencyInterval = Wilson.For(consistent, n, confidence),
            FlipRate = Share(first + second, n),
            FlipInterval = Wilson.For(first + second, n, confidence),
            SoftRate = Share(n - consistent - first - second, n),
            SoftInterval = Wilson.For(n - consistent - first - second, n, confidence),
            FirstSlotBias = bias,
            FirstSlotBiasError = error,
            FirstSlotBiasInterval = interval,
            FlipDirection = SignTest.TwoSided(first, second),
            OrderKappa = CohenKappa.Of(table.ByModel(), KappaWeights.None, confidence),
        };
    }

    private static (double? Bias, double? Error, Interval? Interval) Bias(SlotTable table, double confidence, ClusterSums? clustered)
    {
        if (clustered is { IsClustered: true })
        {
            var mean = ClusteredMean.Of(clustered, confidence);
            return (mean.Mean - 0.5, mean.StandardError, Around(mean.Interval));
        }

        if (table.N == 0)
        {
            return (null, null, null);
        }

        var scores = table.FirstSlotScores();
        var share = scores.Sum(s => s.Score * s.Count) / table.N;
        if (table.N < 2)
        {
            return (share - 0.5, null, null);
        }

        var squares = scores.Sum(s => s.Count * (s.Score - share) * (s.Score - share));
        var error = Math.Sqrt(squares / (table.N - 1) / table.N);
        var margin = StudentTail.TwoSidedQuantile(confidence, table.N - 1) * error;
        return (share - 0.5, error, new Interval(share - 0.5 - margin, share - 0.5 + margin));
    }

    private static Interval? Around(Interval? share) => share is null ? null : new Interval(share.Lower - 0.5, share.Upper - 0.5);

    private static double? Share(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
