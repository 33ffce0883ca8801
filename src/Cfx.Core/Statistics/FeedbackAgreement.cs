namespace Cfx.Core.Statistics;

/// <summary>Holds the judge against the users' own feedback: rewrites of disliked answers ought to win more often than alternatives to liked
/// ones.</summary>
public static class FeedbackAgreement
{
    /// <param name="verdicts">Complete pairs; errors are clustered where a conversation gave several, also of both kinds.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <remarks>V = G/(G-1) Σ u², where u is a conversation's summed deviation from its kind's rate over that kind's pairs, with the sign of its kind
    /// in the difference (the linearised difference of two means); Student's t on G - 1 degrees of freedom.</remarks>
    public static FeedbackAgreementResult From(ConversationItems<FeedbackVerdict> verdicts, double confidence)
    {
        if (!verdicts.IsClustered)
        {
            return From(Counts(verdicts.All, isLiked: false), Counts(verdicts.All, isLiked: true), confidence);
        }

        var conversations = verdicts.Grouped();
        var (disliked, liked) = (Rate(conversations, isLiked: false, confidence), Rate(conversations, isLiked: true, confidence));
        var tables = conversations.Select(c => Decided(Counts(c, isLiked: false), Counts(c, isLiked: true))).ToList();
        var decisive = CohenKappa.Of(
            Decided(Counts(verdicts.All, isLiked: false), Counts(verdicts.All, isLiked: true)), KappaWeights.None, confidence,
            [.. tables.Where(t => t.Cast<long>().Sum() > 0)]);
        if (disliked.Result is not { H: { } h1, StandardError: { } e1 } || liked.Result is not { H: { } h2, StandardError: { } e2 })
        {
            return new FeedbackAgreementResult(disliked.Result, liked.Result, disliked.Result.H - liked.Result.H, null, null, null, decisive);
        }

        var difference = h1 - h2;
        double count = conversations.Count;
        var error = Math.Sqrt(count / (count - 1) * conversations.Sum(c =>
        {
            var part = c.Sum(v => v.IsLiked ? (h2 - v.Score) / liked.Result.N : (v.Score - h1) / disliked.Result.N);
            return part * part;
        }));
        if (e1 == 0 || e2 == 0 || error < 1e-12)
        {
            // The exact test takes pairs for independent, so each conversation has one.
            var firsts = verdicts.Firsts.ToList();
            return new FeedbackAgreementResult(
                disliked.Result, liked.Result, difference, error,
                Mover.Difference(h1, Mover.Of(disliked.Result, disliked.Conversations), h2, Mover.Of(liked.Result, liked.Conversations)),
                ScorePermutationTest.TwoSided(Counts(firsts, isLiked: false), Counts(firsts, isLiked: true))?.PValue, decisive);
        }

        var margin = StudentTail.TwoSidedQuantile(confidence, conversations.Count - 1) * error;
        return new FeedbackAgreementResult(
            disliked.Result, liked.Result, difference, error, Within(difference, margin), StudentTail.TwoSidedP(difference / error, conversations.Count - 1), decisive);
    }

    /// <param name="negative">New answer won, tied, lost, where the feedback on the original was negative.</param>
    /// <param name="positive">The same where it was positive.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static FeedbackAgreementResult From(
        (long Wins, long Ties, long Losses) negative, (long Wins, long Ties, long Losses) positive, double confidence)
    {
        var disliked = HalfCredit.FromCounts(negative.Wins, negative.Ties, negative.Losses, confidence);
        var liked = HalfCredit.FromCounts(positive.Wins, positive.Ties, positive.Losses, confidence);
        var decisive = CohenKappa.Of(Decided(negative, positive), KappaWeights.None, confidence);
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

        return new FeedbackAgreementResult(
            disliked, liked, d, error, Within(d, NormalTail.TwoSidedQuantile(confidence) * error), NormalTail.TwoSidedP(d / error), decisive);
    }

    private static Interval Within(double difference, double margin) => new(Math.Max(-1, difference - margin), Math.Min(1, difference + margin));

    private static long[,] Decided((long Wins, long Ties, long Losses) negative, (long Wins, long Ties, long Losses) positive) =>
        new[,] { { negative.Wins, negative.Losses }, { positive.Wins, positive.Losses } };

    private static (HalfCreditResult Result, int Conversations) Rate(
        IReadOnlyList<IReadOnlyList<FeedbackVerdict>> conversations, bool isLiked, double confidence)
    {
        var sums = new ClusterSums();
        foreach (var scores in conversations.Select(c => c.Where(v => v.IsLiked == isLiked).Select(v => v.Score).ToList()))
        {
            sums.AddWhole(scores.Sum(), scores.Sum(s => s * s), scores.Count);
        }

        var rate = ClusterHalfCredit.Of(sums, confidence);
        return (rate.HalfCredit, rate.Clusters);
    }

    private static (long Wins, long Ties, long Losses) Counts(IEnumerable<FeedbackVerdict> verdicts, bool isLiked)
    {
        long wins = 0, ties = 0, losses = 0;
        foreach (var verdict in verdicts.Where(v => v.IsLiked == isLiked))
        {
            wins += verdict.Score > 0.5 ? 1 : 0;
            ties += verdict.Score == 0.5 ? 1 : 0;
            losses += verdict.Score < 0.5 ? 1 : 0;
        }

        return (wins, ties, losses);
    }
}
