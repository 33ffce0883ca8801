namespace Cfx.Core.Statistics;

/// <summary>How far incomplete pairs could move a win rate.</summary>
/// <param name="Attempted">Complete and incomplete pairs.</param>
/// <param name="Failed">Incomplete ones.</param>
/// <param name="FailureRate">Null without a pair.</param>
/// <param name="FailureInterval">Wilson's.</param>
/// <param name="Rate">The half-credit rate if all incomplete pairs were lost, and if all were won; [0, 1] without a pair.</param>
/// <param name="WithSampling">The same, widened by the t interval at each end: what can be said without assuming anything of the incomplete
/// pairs (Manski's worst case, with its sampling error).</param>
public sealed record FailureBounds(
    long Attempted, long Failed, double? FailureRate, Interval FailureInterval, Interval Rate, Interval WithSampling)
{
    /// <param name="wins">At least 0.</param>
    /// <param name="ties">At least 0.</param>
    /// <param name="losses">At least 0.</param>
    /// <param name="failed">At least 0.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static FailureBounds From(long wins, long ties, long losses, long failed, double confidence)
    {
        var attempted = wins + ties + losses + failed;
        if (attempted == 0)
        {
            return new FailureBounds(0, 0, null, Interval.Unknown, Interval.Unknown, Interval.Unknown);
        }

        var credit = wins + (ties / 2.0);
        return new FailureBounds(
            attempted,
            failed,
            (double)failed / attempted,
            Wilson.For(failed, attempted, confidence),
            new Interval(credit / attempted, (credit + failed) / attempted),
            new Interval(
                HalfCredit.FromCounts(wins, ties, losses + failed, confidence).Interval.Lower,
                HalfCredit.FromCounts(wins + failed, ties, losses, confidence).Interval.Upper));
    }

    /// <summary>The sensitivity row in which an arm that gave no answer loses the pair; a verdict that the judge failed to give stays out.</summary>
    /// <param name="wins">Complete pairs won by model1.</param>
    /// <param name="ties">Complete pairs tied.</param>
    /// <param name="losses">Complete pairs lost.</param>
    /// <param name="unanswered1">Pairs in which only model1 gave no answer.</param>
    /// <param name="unanswered2">Pairs in which only model2 gave none.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static HalfCreditResult UnansweredAsLosses(
        long wins, long ties, long losses, long unanswered1, long unanswered2, double confidence) =>
        HalfCredit.FromCounts(wins + unanswered2, ties, losses + unanswered1, confidence);

    /// <summary>True when the bounds leave open which arm is better although the test does not: the conclusion rests on the failed pairs.</summary>
    /// <param name="adjustedP">After adjustment for several comparisons.</param>
    /// <param name="alpha">The level.</param>
    public bool ConclusionDependsOnFailures(double adjustedP, double alpha = 0.05) => adjustedP < alpha && Rate.Contains(0.5);
}
