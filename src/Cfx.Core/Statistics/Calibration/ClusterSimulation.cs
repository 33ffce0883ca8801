namespace Cfx.Core.Statistics.Calibration;

/// <summary>Studies in which a conversation gives one to four items, each later one like the first with probability 1/2.</summary>
internal sealed class ClusterSimulation : ICellSimulation
{
    private const int MostItems = 4;
    private const int FewClusters = 12;
    private const string AsIndependent = "takes items of a conversation for independent: why clusters are used";
    private const string Percentile =
        "about 80 conversations of unequal size at the smaller n: a percentile interval has the resamples' spread, √(1 − 1/conversations) of "
        + "the unbiased one, and the normal quantile where t would be due (Hesterberg 2015)";
    private readonly CalibrationCell _cell;
    private readonly CalibrationOptions _options;
    private readonly SimulatedJudge _judge;
    private readonly double _better;
    private readonly double _equal;
    private readonly CodeTruth _truth;
    private readonly string[] _names;

    public ClusterSimulation(CalibrationCell cell, CalibrationOptions options)
    {
        (_cell, _options) = (cell, options);
        _judge = new SimulatedJudge(cell.Scenario, cell.TieRate);
        _names = [.. Enumerable.Range(0, cell.N).Select(i => $"c{i}")];
        var chances = PairTruth.Chances(cell.Scenario.Feedback, cell.TieRate);
        (_better, _equal) = (chances[0], chances[0] + chances[1]);
        _truth = new CodeTruth([.. Enumerable.Range(0, 16).Select(code => Enumerable.Range(0, 3).Sum(z => chances[z] * _judge.Codes(z)[code]))]);
    }

    public IReadOnlyDictionary<(CalibrationKind Kind, string Quantity), double> Exact { get; } =
        new Dictionary<(CalibrationKind, string), double>();

    public void Run(SplitMix64 random, int study, CalibrationTally tally, CancellationToken cancellationToken)
    {
        var scores = new ClusterHalfCredit();
        var decided = new ClusterSums();
        var few = new ClusterHalfCredit();
        var tables = new List<SlotTable>();
        var tabled = -1;
        var fresh = study < _options.FreshStudies;
        var outcomes = new long[4];
        for (int i = 0, conversation = 0; i < _cell.N; conversation++)
        {
            var first = Draw(random);
            var items = Math.Min(1 + random.NextIndex(MostItems), _cell.N - i);
            for (var item = 0; item < items; item++, i++)
            {
                var z = item == 0 || random.NextIndex(2) == 0 ? first : Draw(random);
                var code = fresh ? _judge.DrawFresh(z, random, i) : _judge.Draw(z, random);
                var outcome = CodeTruth.OutcomeOf(code);
                outcomes[outcome]++;
                if (outcome == 3)
                {
                    continue;
                }

                if (conversation != tabled)
                {
                    tables.Add(new SlotTable());
                    tabled = conversation;
                }

                tables[^1].Add((Evaluation.Verdict)(code / 4), (Evaluation.Verdict)(code % 4));

                var score = 1 - (outcome / 2.0);
                scores.Add(_names[conversation], score);
                if (outcome != 1)
                {
                    decided.Add(_names[conversation], outcome == 0 ? 1 : 0);
                }

                if (conversation < FewClusters)
                {
                    few.Add(_names[conversation], score);
                }
            }
        }

        Analyse(scores, few, outcomes, tally);
        ClusterFigures.Add(tables, scores, decided, _truth, _cell.Scenario.IsNull, tally);
        if (study < _options.BootstrapStudies)
        {
            var seed = random.NextUInt64();
            var level = ResampledLevel.Matching(_options.BootstrapReplicates, ClusterBootstrap.DefaultReplicates, 0.95);
            tally.Covers(
                "win rate, clustered bootstrap",
                ClusterBootstrap.Run(scores.Sums, seed, _options.BootstrapReplicates, level, cancellationToken).Interval,
                _truth.Rate,
                Percentile);
            tally.Covers(
                "win rate among decided, clustered bootstrap",
                ClusterBootstrap.Run(decided, seed, _options.BootstrapReplicates, level, cancellationToken).Interval,
                _truth.Decided,
                Percentile);
        }
    }

    private void Analyse(ClusterHalfCredit scores, ClusterHalfCredit few, long[] outcomes, CalibrationTally tally)
    {
        var clustered = scores.Estimate(0.95);
        tally.Covers("win rate, clustered t interval", clustered.HalfCredit.Interval, _truth.Rate);
        tally.Errs("win rate", clustered.HalfCredit.H, _truth.Rate);
        tally.Covers(
            "win rate, t interval", HalfCredit.FromCounts(outcomes[0], outcomes[1], outcomes[2], 0.95).Interval, _truth.Rate, AsIndependent);
        if (_cell.Scenario.IsNull)
        {
            tally.Rejects(
                "clustered t test",
                clustered.PValue <= 0.05,
                reason: "about 80 conversations of unequal size at the smaller n: the linearised error is a little small, of order 1/conversations");
            tally.Rejects("sign flip over twelve conversations", SignFlipTest.TwoSidedP(few.CentredSums()) <= 0.05);
            tally.Rejects("sign test", SignTest.TwoSided(outcomes[0], outcomes[2]).PValue <= 0.05, reason: AsIndependent);
        }
    }

    private int Draw(SplitMix64 random)
    {
        var u = random.NextDouble();
        return u < _better ? 0 : u < _equal ? 1 : 2;
    }
}
