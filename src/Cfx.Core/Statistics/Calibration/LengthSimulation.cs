namespace Cfx.Core.Statistics.Calibration;

/// <summary>Studies in which model2 is as good as model1 at equal lengths but writes longer, and the judge likes that.</summary>
internal sealed class LengthSimulation : ICellSimulation
{
    private const double Preference = 1;
    private const double Spread = 110;
    private const double Longer = 40;
    private readonly CalibrationCell _cell;
    private readonly CalibrationOptions _options;
    private readonly SimulatedJudge _judge;
    private readonly string[] _names;

    public LengthSimulation(CalibrationCell cell, CalibrationOptions options)
    {
        (_cell, _options) = (cell, options);
        _judge = new SimulatedJudge(cell.Scenario, cell.TieRate);
        _names = [.. Enumerable.Range(0, cell.N).Select(i => $"c{i}")];
    }

    public IReadOnlyDictionary<(CalibrationKind Kind, string Quantity), double> Exact { get; } =
        new Dictionary<(CalibrationKind, string), double>();

    public void Run(SplitMix64 random, int study, CalibrationTally tally, CancellationToken cancellationToken)
    {
        var observations = new LengthObservation[_cell.N];
        var fresh = study < _options.FreshStudies;
        for (var i = 0; i < _cell.N; i++)
        {
            // Four uniforms' sum is near enough to normal and has bounds; its standard deviation is the square root of 1/3.
            var sum = random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2;
            var difference = Math.Round(Longer + (sum * Math.Sqrt(3) * Spread));
            var second = 1 / (1 + Math.Exp(-Preference * Math.Tanh(difference / Spread)));
            var tie = Math.Min(_cell.TieRate, 2 * Math.Min(second, 1 - second));
            var u = random.NextDouble();
            var z = u < 1 - second - (tie / 2) ? 0 : u < 1 - second + (tie / 2) ? 1 : 2;
            var outcome = CodeTruth.OutcomeOf(fresh ? _judge.DrawFresh(z, random, i) : _judge.Draw(z, random));
            observations[i] = new LengthObservation(500, 500 + (long)difference, outcome / 2.0, _names[i]);
        }

        var result = LengthControl.Fit(observations, 0.95);
        tally.Covers("length-controlled win rate", result.Status == LengthControlStatus.Fitted ? result.Interval : null, 0.5);
        tally.Errs("length-controlled win rate", result.Rate, 0.5);
        tally.Covers("length difference, t interval", result.Difference.Interval, Longer);
        tally.Errs(
            "raw win rate against the controlled truth",
            result.RawRate,
            0.5,
            "the judge prefers length: why the controlled rate stands beside it");
    }
}
