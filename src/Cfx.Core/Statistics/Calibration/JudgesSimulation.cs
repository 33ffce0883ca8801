namespace Cfx.Core.Statistics.Calibration;

/// <summary>Studies in which three equally noisy judges see the same pairs in one order; half of the pairs have a disliked original.</summary>
internal sealed class JudgesSimulation : ICellSimulation
{
    private const int Groups = 3;
    private readonly CalibrationCell _cell;
    private readonly SimulatedJudge _judge;
    private readonly string[] _names;

    // Disliked originals, then liked ones.
    private readonly double[][] _truths;
    private readonly double[] _rates = new double[2];
    private readonly double _fleiss;
    private readonly double _cohen;
    private readonly double _linear;
    private readonly double _agreement;
    private readonly double _decided;

    public JudgesSimulation(CalibrationCell cell)
    {
        _cell = cell;
        _judge = new SimulatedJudge(cell.Scenario, cell.TieRate);
        _names = [.. Enumerable.Range(0, cell.N).Select(i => $"c{i}")];
        _truths = [PairTruth.Chances(cell.Scenario.Feedback, cell.TieRate), PairTruth.Chances(0, cell.TieRate)];
        var both = new double[3, 3];
        for (var side = 0; side < 2; side++)
        {
            for (var z = 0; z < 3; z++)
            {
                var call = _judge.Calls(z);
                _rates[side] += _truths[side][z] * (call[0] + (call[2] / 2));
                for (var i = 0; i < 3; i++)
                {
                    for (var j = 0; j < 3; j++)
                    {
                        both[CodeTruth.ByModel(i), CodeTruth.ByModel(j)] += _truths[side][z] * call[i] * call[j] / 2;
                    }
                }
            }
        }

        _cohen = CodeTruth.KappaOf(both);
        _linear = CodeTruth.KappaOf(both, KappaWeights.Linear);
        // Judges have the same habits, so chance agreement is the same for two and for three.
        _fleiss = _cohen;
        _agreement = both[0, 0] + both[1, 1] + both[2, 2];
        _decided = (both[0, 0] + both[2, 2]) / (both[0, 0] + both[2, 2] + both[0, 2] + both[2, 0]);
    }

    public IReadOnlyDictionary<(CalibrationKind Kind, string Quantity), double> Exact { get; } =
        new Dictionary<(CalibrationKind, string), double>();

    public void Run(SplitMix64 random, int study, CalibrationTally tally, CancellationToken cancellationToken)
    {
        var fleiss = new FleissKappa(3);
        var subgroups = new SubgroupTable();
        var matrix = new long[3, 3];
        var sides = new long[2, 3];
        Span<int> votes = stackalloc int[3];
        for (var i = 0; i < _cell.N; i++)
        {
            var side = i < _cell.N / 2 ? 0 : 1;
            var u = random.NextDouble();
            var z = u < _truths[side][0] ? 0 : u < _truths[side][0] + _truths[side][1] ? 1 : 2;
            votes.Clear();
            var first = CodeTruth.ByModel(_judge.DrawOne(z, random));
            var second = CodeTruth.ByModel(_judge.DrawOne(z, random));
            var third = CodeTruth.ByModel(_judge.DrawOne(z, random));
            votes[first]++;
            votes[second]++;
            votes[third]++;
            fleiss.Add(votes);
            matrix[first, second]++;
            sides[side, first]++;
            if (side == 1)
            {
                subgroups.Add("group", i % Groups == 0 ? "one" : i % Groups == 1 ? "two" : "three", _names[i], 1 - (first / 2.0));
            }
        }

        var agreement = VerdictAgreement.From(matrix, 0.95);
        tally.Covers("Fleiss' kappa of three judges", fleiss.Estimate().Interval, _fleiss);
        tally.Errs("Fleiss' kappa of three judges", fleiss.Estimate().Kappa, _fleiss, "kappa is a ratio: bias of order 1/n");
        tally.Covers("Cohen's kappa of two judges", agreement.Kappa.Interval, _cohen);
        tally.Errs("Cohen's kappa of two judges", agreement.Kappa.Kappa, _cohen, "kappa is a ratio: bias of order 1/n");
        tally.Covers("Cohen's kappa, linear weights", agreement.LinearKappa.Interval, _linear);
        tally.Covers("agreement of two judges, Wilson", agreement.AgreementInterval, _agreement);
        tally.Covers("agreement on decided, Wilson", agreement.DecidedInterval, _decided);
        var feedback = FeedbackAgreement.From((sides[0, 0], sides[0, 1], sides[0, 2]), (sides[1, 0], sides[1, 1], sides[1, 2]), 0.95);
        tally.Covers("agreement with users' feedback", feedback.Interval, _rates[0] - _rates[1]);
        tally.Errs("agreement with users' feedback", feedback.Difference, _rates[0] - _rates[1]);
        var groups = subgroups.Estimate(0.95)[0];
        var heterogeneity = groups.HeterogeneityP;
        tally.Rejects(
            "groups differ, mean scores",
            heterogeneity is { } p ? p <= 0.05 : null,
            reason: "large-sample test, about 33 pairs a group at the smaller size; exploratory");
        tally.Covers("a group's win rate, t interval", groups.Rows[0].Estimate.HalfCredit.Interval, _rates[1]);
    }
}
