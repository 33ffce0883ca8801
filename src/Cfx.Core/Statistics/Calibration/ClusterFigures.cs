namespace Cfx.Core.Statistics.Calibration;

/// <summary>What a comparison's other figures come to where conversations gave several pairs.</summary>
internal static class ClusterFigures
{
    private const string Linearised = "about 80 conversations of unequal size at the smaller n: the linearised error is a little small, of order 1/conversations";

    /// <param name="tables">The complete pairs, one table a conversation.</param>
    /// <param name="scores">The same pairs' scores.</param>
    /// <param name="decided">The decided pairs, a win being 1.</param>
    /// <param name="truth">What they are drawn from.</param>
    /// <param name="isNull">Are the arms equal?</param>
    /// <param name="tally">Takes what is measured.</param>
    public static void Add(
        IReadOnlyList<SlotTable> tables, ClusterHalfCredit scores, ClusterSums decided, CodeTruth truth, bool isNull, CalibrationTally tally)
    {
        var all = new SlotTable();
        foreach (var table in tables)
        {
            foreach (var normal in Enum.GetValues<Evaluation.Verdict>())
            {
                foreach (var reversed in Enum.GetValues<Evaluation.Verdict>())
                {
                    all.Add(normal, reversed, table[normal, reversed]);
                }
            }
        }

        var judge = JudgeReliability.From(all, 0.95, tables);
        tally.Covers("win rate among decided, Wilson at the effective number", ClusteredShare.Of(decided, 0.95), truth.Decided, Linearised);
        tally.Covers("order consistency, Wilson at the effective number", judge.ConsistencyInterval, truth.Consistency, Linearised);
        tally.Covers("flip rate, Wilson at the effective number", judge.FlipInterval, truth.Flips, Linearised);
        tally.Covers("soft rate, Wilson at the effective number", judge.SoftInterval, truth.Soft, Linearised);
        tally.Covers("first-slot bias, clustered t interval", judge.FirstSlotBiasInterval, truth.Bias, Linearised);
        tally.Covers("kappa of the two orders, clustered", judge.OrderKappa.Interval, truth.Kappa, Linearised);
        if (isNull)
        {
            var sums = scores.CentredSums();
            tally.Rejects("sign test over conversations", SignTest.TwoSided(sums.Count(s => s > 0), sums.Count(s => s < 0)).PValue <= 0.05);
        }
    }
}
