using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>What may be looked at while a comparison has fewer pairs than planned: the e-value, which holds at any time, and no p-value, which does
/// not.</summary>
public static class EvaluateMonitoring
{
    /// <param name="statistics">The comparison as it is.</param>
    /// <param name="options">How many pairs it was planned with, and how many comparisons the study has.</param>
    /// <returns>Words to put behind the counts; empty when the comparison is complete or nobody planned it.</returns>
    public static string Of(ComparisonStatistics statistics, EvaluateOptions options)
    {
        if (!(statistics.Attempted < options.PlannedPairs))
        {
            return string.Empty;
        }

        var so = FormattableString.Invariant($"; {statistics.Attempted} of {options.PlannedPairs} planned pairs");

        // Several pairs of one conversation are not independent, and the e-value takes them for that.
        return statistics.Clusters is not null
            ? so
            : so + FormattableString.Invariant(
                $", ln E = {EValue.LnE(statistics.Wins, statistics.Losses):0.00} (a study may stop early from {EValue.StoppingLnE(options.PlannedComparisons):0.00} on)");
    }
}
