namespace Cfx.Core.Statistics;

/// <summary>Holds the judge against the users' own feedback: rewrites of disliked answers ought to win more often than alternatives to liked
/// ones.</summary>
public static class FeedbackAgreement
{
    /// <param name="negative">New answer won, tied, lost, where the feedback on the original was negative.</param>
    /// <param name="positive">The same where it was positive.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static FeedbackAgreementResult From(
        (long Wins, long Ties, long Losses) negative, (long Wins, long Ties, long Losses) positive, double confidence)
    {
        var disliked = HalfCredit.FromCounts(negative.Wins, negative.Ties, negative.Losses, confidence);
        var liked = HalfCredit.FromCounts(positive.Wins, positive.Ties, positive.Losses, confidence);
        var decisive = CohenKappa.Of(
            new[,] { { negative.Wins, negative.Losses }, { positive.Wins, positive.Losses } }, KappaWeights.None, confidence);
        var difference = disliked.H - liked.H;
        if (difference is not { } d || disliked.StandardError is not { } e1 || liked.StandardError is not { } e2)
        {
            return new FeedbackAgreementResult(disliked, liked, difference, null, null, null, decisive);
        }

        var error = Math.Sqrt((e1 * e1) + (e2 * e2));
        if (e1 == 0 || e2 == 0)
        {
            // A side without variation would add nothing to the error, as if it were certain.
            var interval = Mover.Difference(disliked.H!.Value, Mover.Of(disliked), liked.H!.Value, Mover.Of(liked));
            return new FeedbackAgreementResult(
                disliked, liked, d, error, interval, ScorePermutationTest.TwoSided(negative, positive)?.PValue, decisive);
        }

        var margin = NormalTail.TwoSidedQuantile(confidence) * error;
        return new FeedbackAgreementResult(
            disliked,
            liked,
            d,
            error,
            new Interval(Math.Max(-1, d - margin), Math.Min(1, d + margin)),
            NormalTail.TwoSidedP(d / error),
            decisive);
    }
}
