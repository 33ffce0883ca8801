using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>Counts a comparison's pairs as they come.</summary>
public sealed class ComparisonTally
{
    private readonly Dictionary<(OutcomeKind, TieKind?), long> _outcomes = [];
    private readonly SortedDictionary<IncompleteCause, long> _causes = [];
    private readonly ClusterHalfCredit _clusters = new();

    /// <summary>The complete pairs' scores by conversation, for the bootstrap.</summary>
    public ClusterSums Scores => _clusters.Sums;

    /// <param name="conversationId">Pairs of one conversation are not independent.</param>
    /// <param name="outcome">Seen from the contestant whose wins are counted.</param>
    /// <param name="cause">Why the pair is incomplete; ignored for a complete one.</param>
    public void Add(string conversationId, PairOutcome outcome, IncompleteCause? cause)
    {
        var key = (outcome.Outcome, outcome.TieKind);
        _outcomes[key] = _outcomes.GetValueOrDefault(key) + 1;
        if (outcome.StrictScore is { } score)
        {
            _clusters.Add(conversationId, score);
        }
        else
        {
            var why = cause ?? IncompleteCause.JudgeFailed;
            _causes[why] = _causes.GetValueOrDefault(why) + 1;
        }
    }

    /// <summary>The counts so far with rates, intervals and tests.</summary>
    /// <param name="plannedComparisons">How many comparisons the study has, at least 1: sets the simultaneous interval.</param>
    public ComparisonStatistics Estimate(int plannedComparisons)
    {
        const double Confidence = ComparisonStatistics.Confidence;
        var simultaneous = 1 - ((1 - Confidence) / plannedComparisons);
        long wins = Count(OutcomeKind.Win), losses = Count(OutcomeKind.Loss);
        var ties = new TieCounts(
            Count(OutcomeKind.Tie, TieKind.Consistent),
            Count(OutcomeKind.Tie, TieKind.FlipFirst),
            Count(OutcomeKind.Tie, TieKind.FlipSecond),
            Count(OutcomeKind.Tie, TieKind.SoftModel1),
            Count(OutcomeKind.Tie, TieKind.SoftModel2));
        var sign = SignTest.TwoSided(wins, losses);
        var cluster = _clusters.IsClustered ? _clusters.Estimate(Confidence) : null;
        var (method, p) = cluster is null ? ("sign_test", sign.PValue) : ClusteredP(cluster);
        return new ComparisonStatistics
        {
            Failed = _causes.ToDictionary(),
            Wins = wins,
            Losses = losses,
            Ties = ties,
            HalfCredit = cluster?.HalfCredit ?? HalfCredit.FromCounts(wins, ties.Total, losses, Confidence),
            Simultaneous = cluster is null
                ? HalfCredit.FromCounts(wins, ties.Total, losses, simultaneous).Interval
                : _clusters.Estimate(simultaneous).HalfCredit.Interval,
            Averaged = HalfCredit.FromScores(
                [(1, wins), (0.75, ties.SoftModel1), (0.5, ties.Consistent + ties.Flips), (0.25, ties.SoftModel2), (0, losses)], Confidence),
            DecisiveInterval = Wilson.For(wins, wins + losses, Confidence),
            Sign = sign,
            Clusters = cluster,
            PrimaryTest = method,
            PrimaryP = p,
        };
    }

    private (string Method, double P) ClusteredP(ClusterHalfCreditResult cluster)
    {
        // Conversations without an effect change nothing in a sign flip.
        var sums = _clusters.CentredSums().Where(s => s != 0).ToList();
        if (sums.Count <= SignFlipTest.MaxClusters)
        {
            return ("sign_flip", SignFlipTest.TwoSidedP(sums));
        }

        return cluster.PValue is { } p
            ? ("cluster_t", p)
            : ("cluster_sign_test", SignTest.TwoSided(sums.Count(s => s > 0), sums.Count(s => s < 0)).PValue);
    }

    private long Count(OutcomeKind outcome, TieKind? kind = null) => _outcomes.GetValueOrDefault((outcome, kind));
}
