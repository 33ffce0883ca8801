using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>Gathers one comparison's pairs as they are read: counts, and a few numbers a pair. Texts are let go.</summary>
public sealed class ComparisonEvidence
{
    private const int PromptBands = 3;
    private static readonly string[] Exchanges = ["1", "2", "3 or more"];
    private readonly List<JudgedPair> _pairs = [];
    private readonly ConversationItems<(Verdict Normal, Verdict Reversed)> _verdicts = new();
    private readonly ComparisonTally _tally = new();
    private readonly PanelEvidence _panel = new();
    private readonly long[,] _byOrder = new long[2, 3];
    private bool _lacksVerdicts;
    private long _originalFailed;

    /// <summary>The complete pairs in file order.</summary>
    public IReadOnlyList<JudgedPair> Pairs => _pairs;

    /// <summary>True when the pairs were judged in one order each.</summary>
    public bool IsSingleOrder { get; private set; }

    /// <summary>Pairs with a verdict whose order is not told; they are in no rate.</summary>
    public long WithoutOrder { get; private set; }

    /// <summary>Complete pairs' scores by conversation.</summary>
    public ClusterSums Scores => _tally.Scores;

    /// <summary>Pairs won and lost, the first of each conversation only: what may be watched without thinking of clusters.</summary>
    public (long Wins, long Losses) FirstOfConversations { get; private set; }

    /// <param name="row">A pair judged in both orders.</param>
    /// <param name="shared">Gives equal texts as one.</param>
    public void Add(EvaluationRow row, Func<string, string> shared)
    {
        var conversation = shared(row.ConversationId);
        var known = _tally.Scores.Clusters.Count;
        _tally.Add(conversation, row.Outcome, row.Cause);
        _panel.Add(row, conversation);
        if (row.Outcome.StrictScore is not { } score)
        {
            return;
        }

        if (_tally.Scores.Clusters.Count > known)
        {
            FirstOfConversations = (FirstOfConversations.Wins + (score > 0.5 ? 1 : 0), FirstOfConversations.Losses + (score < 0.5 ? 1 : 0));
        }

        _pairs.Add(new JudgedPair(conversation, shared(row.ItemId), score, row.Shape, row.Category is null ? null : shared(row.Category), null));
        if (row is { Normal: { } normal, Reversed: { } reversed })
        {
            _verdicts.Add(conversation, (normal, reversed));
        }
        else
        {
            _lacksVerdicts = true;
        }
    }

    /// <param name="row">A pair judged in one order.</param>
    /// <param name="shared">Gives equal texts as one.</param>
    public void Add(OriginalRow row, Func<string, string> shared)
    {
        IsSingleOrder = true;
        if (row.Score1 is not { } score)
        {
            _originalFailed++;
            return;
        }

        if (row.Model1First is not { } first)
        {
            WithoutOrder++;
            _originalFailed++;
            return;
        }

        var conversation = shared(row.ConversationId.Length == 0 ? $"row {_pairs.Count}" : row.ConversationId);
        _tally.Add(conversation, new PairOutcome(Outcome(score), score == 0.5 ? TieKind.Consistent : null), null);
        _byOrder[first ? 0 : 1, score > 0.5 ? 0 : score < 0.5 ? 2 : 1]++;
        _pairs.Add(new JudgedPair(conversation, conversation, score, row.Shape, null, first));
    }

    /// <summary>Counts, rates and the primary test.</summary>
    /// <param name="planned">Comparisons of the study.</param>
    public ComparisonStatistics Estimate(int planned)
    {
        var both = _tally.Estimate(planned);
        if (!IsSingleOrder)
        {
            return both;
        }

        // Both orders weigh the same; what the pooled counts would say carries the pull of the place along.
        var alpha = 1 - ComparisonStatistics.Confidence;
        var one = Stratified(ComparisonStatistics.Confidence);
        return both with
        {
            Failed = _originalFailed == 0 ? new Dictionary<IncompleteCause, long>() : new Dictionary<IncompleteCause, long> { [IncompleteCause.JudgeFailed] = _originalFailed },
            HalfCredit = new HalfCreditResult(both.N, one.H, one.StandardError, one.Interval, "order_stratified"),
            Simultaneous = Stratified(1 - (alpha / planned)).Interval,
            Averaged = new HalfCreditResult(both.N, null, null, Interval.Unknown, "none"),
            Clusters = null,
            FailureInterval = null,
            PrimaryTest = "order_permutation",
            PrimaryP = one.PValue,
            PrimaryLog10P = one.Test?.Log10P,
        };
    }

    /// <summary>The estimate from pairs judged in one order each; null where both orders were judged.</summary>
    public OrderStratifiedResult? SingleOrder(double confidence) => IsSingleOrder ? Stratified(confidence) : null;

    /// <summary>Pairs with model1 first, and with model2 first; of pairs judged in one order.</summary>
    public (long Normal, long Reversed) Orders => (Row(0).Sum(), Row(1).Sum());

    /// <summary>How far incomplete pairs could move the rate; null for pairs judged in one order, whose counts carry the pull of the place.</summary>
    public FailureBounds? Bounds(double confidence) => IsSingleOrder ? null : _tally.Bounds(confidence);

    /// <summary>As if an arm without an answer had lost the pair; null as above.</summary>
    public HalfCreditResult? UnansweredAsLosses(double confidence) => IsSingleOrder ? null : _tally.UnansweredAsLosses(confidence);

    /// <summary>The decided pairs by conversation, a win being 1.</summary>
    public ClusterSums Decided => _tally.Decided;

    /// <summary>Whether the rate is shown to be within a margin of one half; null without an error to show it by.</summary>
    /// <param name="statistics">Of this evidence.</param>
    /// <param name="margin">Above 0.</param>
    public EquivalenceResult? Equivalence(ComparisonStatistics statistics, double margin) =>
        !IsSingleOrder ? Statistics.Equivalence.Of(statistics.HalfCredit, statistics.Clusters?.Clusters ?? statistics.N, margin)
        : statistics.HalfCredit.H is { } h ? Statistics.Equivalence.ByIntervals(h, c => Stratified(c).Interval, margin)
        : null;

    /// <summary>Order consistency and position bias; null where the file does not hold every pair's two verdicts.</summary>
    public JudgeReliabilityResult? Judge(double confidence) =>
        IsSingleOrder || _lacksVerdicts || _pairs.Count == 0 ? null : JudgeReliability.From(_verdicts, confidence);

    /// <summary>Each of several judges alone, and their agreement; null where one judge judged.</summary>
    /// <param name="planned">Comparisons of the study.</param>
    public PanelFindings? Panel(int planned) => _panel.Estimate(planned);

    /// <summary>The win rate at equal lengths.</summary>
    public LengthControlResult Length(double confidence)
    {
        var fit = LengthControl.Fit(
            [.. _pairs.Select(p => new LengthObservation(p.Shape.Length1, p.Shape.Length2, 1 - p.Score, p.Conversation, p.Model1First is { } first ? !first : null))], confidence);
        return IsSingleOrder ? fit.OfSingleOrders(Stratified(confidence).H) : fit;
    }

    /// <summary>By category, exchanges and prompt length, as far as the file tells them; none for pairs judged in one order, since a group that was more
    /// often judged in one of them would stand apart by that alone.</summary>
    public IReadOnlyList<SubgroupDimension> Subgroups(double confidence)
    {
        if (IsSingleOrder)
        {
            return [];
        }

        var table = new SubgroupTable();
        var prompt = NumericBands.OfEqualCounts(_pairs.Where(p => p.Shape.PromptLength > 0).Select(p => (double)p.Shape.PromptLength), PromptBands);
        foreach (var pair in _pairs)
        {
            if (pair.Category is { } category)
            {
                table.Add("category", category, pair.Conversation, pair.Score);
            }

            if (pair.Shape.Exchanges > 0)
            {
                table.Add("exchanges", Exchanges[Math.Min(pair.Shape.Exchanges, Exchanges.Length) - 1], pair.Conversation, pair.Score);
            }

            if (prompt is not null && pair.Shape.PromptLength > 0)
            {
                table.Add("prompt_length", prompt.Of(pair.Shape.PromptLength), pair.Conversation, pair.Score);
            }
        }

        return
        [
            .. table.Estimate(confidence).Select(d => d with
            {
                Rows = d.Dimension switch
                {
                    "exchanges" => Ordered(d.Rows, Exchanges),
                    "prompt_length" => Ordered(d.Rows, prompt!.Names),
                    _ => [.. d.Rows.OrderBy(r => r.Group, StringComparer.Ordinal)],
                },
            }),
        ];
    }

    private static List<SubgroupRow> Ordered(IReadOnlyList<SubgroupRow> rows, IReadOnlyList<string> names) =>
        [.. names.SelectMany(n => rows.Where(r => r.Group == n))];

    private static OutcomeKind Outcome(double score) => score > 0.5 ? OutcomeKind.Win : score < 0.5 ? OutcomeKind.Loss : OutcomeKind.Tie;

    private OrderStratifiedResult Stratified(double confidence) => OrderStratified.From(Counts(0), Counts(1), confidence);

    private (long Wins, long Ties, long Losses) Counts(int order) => (_byOrder[order, 0], _byOrder[order, 1], _byOrder[order, 2]);

    private IEnumerable<long> Row(int order) => Enumerable.Range(0, 3).Select(i => _byOrder[order, i]);
}
