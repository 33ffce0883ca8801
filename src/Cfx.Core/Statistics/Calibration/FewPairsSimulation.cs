namespace Cfx.Core.Statistics.Calibration;

/// <summary>Studies of few pairs, judged in both orders, in which arms now and then give no answer: what intervals come to where often no variation
/// is seen, and groups are small.</summary>
internal sealed class FewPairsSimulation : ICellSimulation
{
    private const double Unanswered1 = 0.06;
    private const double Unanswered2 = 0.02;
    private const int Groups = 3;
    private const string Few = "few pairs: a t interval, or Wilson's where all came out alike, is approximate and the report says so";
    private readonly CalibrationCell _cell;
    private readonly SimulatedJudge _judge;
    private readonly double _better;
    private readonly double _equal;
    private readonly CodeTruth _truth;
    private readonly string[] _names;

    public FewPairsSimulation(CalibrationCell cell)
    {
        _cell = cell;
        _judge = new SimulatedJudge(cell.Scenario, cell.TieRate);
        _names = [.. Enumerable.Range(0, cell.N).Select(i => $"c{i}")];
        double[] chances = PairTruth.Chances(cell.Scenario.Feedback, cell.TieRate);
        (_better, _equal) = (chances[0], chances[0] + chances[1]);
        _truth = new CodeTruth([.. Enumerable.Range(0, 16).Select(code => Enumerable.Range(0, 3).Sum(z => chances[z] * _judge.Codes(z)[code]))]);
    }

    public IReadOnlyDictionary<(CalibrationKind Kind, string Quantity), double> Exact { get; } =
        new Dictionary<(CalibrationKind, string), double>();

    public void Run(SplitMix64 random, int study, CalibrationTally tally, CancellationToken cancellationToken)
    {
        var outcomes = new long[3];
        var slots = new SlotTable();
        var groups = new SubgroupTable();
        long unanswered1 = 0, unanswered2 = 0;
        for (var i = 0; i < _cell.N; i++)
        {
            var answers = random.NextDouble();
            if (answers < Unanswered1 + Unanswered2)
            {
                unanswered1 += answers < Unanswered1 ? 1 : 0;
                unanswered2 += answers < Unanswered1 ? 0 : 1;
                continue;
            }

            var u = random.NextDouble();
            var code = _judge.Draw(u < _better ? 0 : u < _equal ? 1 : 2, random);
            var outcome = CodeTruth.OutcomeOf(code);
            outcomes[outcome]++;
            slots.Add((Evaluation.Verdict)(code / 4), (Evaluation.Verdict)(code % 4));
            groups.Add("group", i % Groups == 0 ? "one" : i % Groups == 1 ? "two" : "three", _names[i], 1 - (outcome / 2.0));
        }

        var rate = HalfCredit.FromCounts(outcomes[0], outcomes[1], outcomes[2], 0.95);
        tally.Covers("win rate, t interval or Wilson's", rate.Interval, _truth.Rate, Few);
        tally.Covers(
            "unanswered lost, t interval or Wilson's",
            FailureBounds.UnansweredAsLosses(outcomes[0], outcomes[1], outcomes[2], unanswered1, unanswered2, 0.95).Interval,
            Unanswered2 + ((1 - Unanswered1 - Unanswered2) * _truth.Rate),
            Few);
        var judge = JudgeReliability.From(slots, 0.95);
        tally.Covers("first-slot bias, t interval or Wilson's", judge.FirstSlotBiasInterval, _truth.Bias, Few);
        tally.Covers("kappa of the two orders", judge.OrderKappa.Interval, _truth.Kappa, "a large-sample error at few pairs");
        var dimension = groups.Estimate(0.95)[0];
        tally.Covers("a group's win rate, t interval or Wilson's", dimension.Rows[0].Estimate.HalfCredit.Interval, _truth.Rate, Few);
        tally.Rejects("groups differ, mean scores", dimension.HeterogeneityP is { } p ? p <= 0.05 : null, reason: "chi-square at few pairs a group");
        if (!_cell.Scenario.IsNull)
        {
            var equivalence = Equivalence.Of(rate, rate.N, Math.Abs(_truth.Rate - 0.5));
            tally.Rejects("equivalence, truth at the margin", equivalence is null ? null : equivalence.PValue <= 0.05, reason: Few);
        }
    }
}
