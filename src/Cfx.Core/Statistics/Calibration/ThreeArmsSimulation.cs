namespace Cfx.Core.Statistics.Calibration;

/// <summary>Studies of three arms. Comparisons of one conversation depend on each other by how readily it gives ties and by how good the
/// base's answer is.</summary>
internal sealed class ThreeArmsSimulation : ICellSimulation
{
    private const int Looks = 10;
    private readonly CalibrationCell _cell;
    private readonly CalibrationOptions _options;
    private readonly SimulatedJudge _judge;
    private readonly ThreeArmsAnalysis _analysis;

    // By conversation's kind (4) and comparison (3): up to where a uniform number means model1 is better, and up to where equal.
    private readonly (double Better, double Equal)[,] _truths = new (double, double)[4, 3];
    private readonly int[] _outcomeOf = [.. Enumerable.Range(0, 16).Select(CodeTruth.OutcomeOf)];

    public ThreeArmsSimulation(CalibrationCell cell, CalibrationOptions options)
    {
        (_cell, _options) = (cell, options);
        _judge = new SimulatedJudge(cell.Scenario, cell.TieRate);
        double[] strengths = [0, cell.Scenario.Feedback, cell.Scenario.Alternative];
        var truths = new CodeTruth[3];
        for (var c = 0; c < 3; c++)
        {
            var (first, second) = ThreeArmsPattern.Comparisons[c];
            var truth = PairTruth.Chances(strengths[first] - strengths[second], cell.TieRate);
            var (win, tie, loss) = (truth[0], truth[1], truth[2]);
            var codes = new double[16];
            for (var kind = 0; kind < 4; kind++)
            {
                // Half of the conversations tie more readily, half of each favour the base; on average they are the whole.
                var kindTie = tie * (kind % 2 == 0 ? 0.5 : 1.5);
                var rest = (1 - kindTie) / (1 - tie);
                var lean = c == 2 ? 0 : (kind < 2 ? 0.4 : -0.4) * Math.Min(win, loss);
                double better = (win + lean) * rest, worse = (loss - lean) * rest;
                _truths[kind, c] = (better, better + kindTie);
                double[] chances = [better, kindTie, worse];
                for (var z = 0; z < 3; z++)
                {
                    var given = _judge.Codes(z);
                    for (var code = 0; code < 16; code++)
                    {
                        codes[code] += chances[z] * given[code] / 4;
                    }
                }
            }

            truths[c] = new CodeTruth(codes);
        }

        _analysis = new ThreeArmsAnalysis(cell, truths);
        Exact = _analysis.Exact();
    }

    public IReadOnlyDictionary<(CalibrationKind Kind, string Quantity), double> Exact { get; }

    public void Run(SplitMix64 random, int study, CalibrationTally tally, CancellationToken cancellationToken)
    {
        var drawn = new ThreeArmsStudy(_cell.N, Looks);
        var fresh = study < _options.FreshStudies;
        for (var i = 0; i < _cell.N; i++)
        {
            var kind = (int)(random.NextUInt64() >> 62);
            var pattern = 0;
            for (var c = 0; c < 3; c++)
            {
                var u = random.NextDouble();
                var (better, equal) = _truths[kind, c];
                var z = u < better ? 0 : u < equal ? 1 : 2;
                var code = fresh ? _judge.DrawFresh(z, random, i) : _judge.Draw(z, random);
                var outcome = _outcomeOf[code];
                pattern = (pattern * 4) + outcome;
                drawn.Outcomes[c, outcome]++;
                if (c == 0)
                {
                    drawn.Codes[code]++;
                    // An old log would have judged every other conversation in either order.
                    drawn.OneOrder[i % 2, i % 2 == 0 ? code / 4 : code % 4]++;
                }
            }

            drawn.PatternOf[i] = (byte)pattern;
            drawn.Patterns[pattern]++;
            if ((i + 1) * Looks % _cell.N < Looks)
            {
                drawn.Look();
            }
        }

        _analysis.Analyse(drawn, tally);
        if (study < _options.BootstrapStudies)
        {
            _analysis.Resample(drawn, random.NextUInt64(), _options.BootstrapReplicates, tally, cancellationToken);
        }
    }
}
