using System.Runtime.InteropServices;
using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>Counts a comparison's pairs as they come.</summary>
public sealed class ComparisonTally
{
    private readonly Dictionary<(OutcomeKind, TieKind?), long> _outcomes = [];
    private readonly SortedDictionary<IncompleteCause, long> _causes = [];
    private readonly ClusterHalfCredit _clusters = new();
    private readonly Dictionary<string, int> _conversations = new(StringComparer.Ordinal);
    private readonly List<Pair> _pairs = [];

    /// <summary>The complete pairs' scores by conversation, for the bootstrap.</summary>
    public ClusterSums Scores => _clusters.Sums;

    /// <param name="conversationId">Pairs of one conversation are not independent.</param>
    /// <param name="outcome">Seen from the contestant whose wins are counted.</param>
    /// <param name="cause">Why the pair is incomplete; ignored for a complete one.</param>
    public void Add(string conversationId, PairOutcome outcome, IncompleteCause? cause)
    {
        var key = (outcome.Outcome, outcome.TieKind);
        _outcomes[key] = _outcomes.GetValueOrDefault(key) + 1;
        IncompleteCause? why = null;
        if (outcome.StrictScore is { } score)
        {
            _clusters.Add(conversationId, score);
        }
        else
        {
            why = cause ?? IncompleteCause.JudgeFailed;
            _causes[why.Value] = _causes.GetValueOrDefault(why.Value) + 1;
        }

        if (!_conversations.TryGetValue(conversationId, out var conversation))
        {
            _conversations.Add(conversationId, conversation = _conversations.Count);
        }

        _pairs.Add(new Pair(conversation, outcome.Outcome, outcome.TieKind, why));
    }

    /// <summary>The decided pairs by conversation, a win being 1.</summary>
    public ClusterSums Decided => Sums(p => p.Outcome switch
    {
        OutcomeKind.Win => (1, 1),
        OutcomeKind.Loss => (0, 1),
        _ => (0, 0),
    });

    /// <summary>How far incomplete pairs could move the rate; with clustered errors where conversations gave several pairs, complete or not.</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    public FailureBounds Bounds(double confidence)
    {
        var bounds = FailureBounds.From(
            Count(OutcomeKind.Win), TieTotal, Count(OutcomeKind.Loss), _causes.Values.Sum(), confidence);
        return !HasRepeats ? bounds : bounds with
        {
            FailureInterval = FailureInterval(confidence),
            WithSampling = new Interval(
                ClusterHalfCredit.Of(ScoresBy(p => p.Score ?? 0), confidence).HalfCredit.Interval.Lower,
                ClusterHalfCredit.Of(ScoresBy(p => p.Score ?? 1), confidence).HalfCredit.Interval.Upper),
        };
    }

    /// <summary>The rate with an arm that gave no answer losing the pair, with a clustered error where conversations gave several pairs; a verdict that the
    /// judge failed to give stays out.</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    public HalfCreditResult UnansweredAsLosses(double confidence)
    {
        var sums = ScoresBy(p => p.Score ?? (p.Cause == IncompleteCause.AnswerModel1 ? 0 : p.Cause == IncompleteCause.AnswerModel2 ? 1 : null));
        return sums.IsClustered
            ? ClusterHalfCredit.Of(sums, confidence).HalfCredit
            : FailureBounds.UnansweredAsLosses(
                Count(OutcomeKind.Win), TieTotal, Count(OutcomeKind.Loss),
                _causes.GetValueOrDefault(IncompleteCause.AnswerModel1), _causes.GetValueOrDefault(IncompleteCause.AnswerModel2), confidence);
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
            Averaged = cluster is null
                ? HalfCredit.FromScores(
                    [(1, wins), (0.75, ties.SoftModel1), (0.5, ties.Consistent + ties.Flips), (0.25, ties.SoftModel2), (0, losses)], Confidence)
                : ClusterHalfCredit.Of(ScoresBy(p => new PairOutcome(p.Outcome, p.Tie).AveragedScore), Confidence).HalfCredit,
            DecisiveInterval = cluster is null ? Wilson.For(wins, wins + losses, Confidence) : ClusteredShare.Of(Decided, Confidence),
            FailureInterval = FailureInterval(Confidence),
            Sign = sign,
            Clusters = cluster,
            PrimaryTest = method,
            PrimaryP = p,
            PrimaryLog10P = cluster is null ? sign.Log10P : null,
        };
    }

    private bool HasRepeats => _pairs.Count > _conversations.Count;

    private long TieTotal => _outcomes.Where(o => o.Key.Item1 == OutcomeKind.Tie).Sum(o => o.Value);

    private Interval FailureInterval(double confidence) => HasRepeats
        ? ClusteredShare.Of(Sums(p => (p.Cause is null ? 0 : 1, 1)), confidence)
        : Wilson.For(_causes.Values.Sum(), _pairs.Count, confidence);

    private ClusterSums ScoresBy(Func<Pair, double?> score) => Sums(p => score(p) is { } value ? (value, 1) : (0, 0));

    /// <summary>Sums by conversation, without the conversations that have none of it.</summary>
    private ClusterSums Sums(Func<Pair, (double Value, int Weight)> of)
    {
        var found = new (double Sum, double Squares, long Weight)[_conversations.Count];
        foreach (var pair in _pairs)
        {
            var (value, weight) = of(pair);
            ref var own = ref found[pair.Conversation];
            own = (own.Sum + value, own.Squares + (value * value), own.Weight + weight);
        }

        var sums = new ClusterSums();
        foreach (var (sum, squares, weight) in found)
        {
            sums.AddWhole(sum, squares, weight);
        }

        return sums;
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

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pair(int Conversation, OutcomeKind Outcome, TieKind? Tie, IncompleteCause? Cause)
    {
        public double? Score => new PairOutcome(Outcome, Tie).StrictScore;
    }
}
