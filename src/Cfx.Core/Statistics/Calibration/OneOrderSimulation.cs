namespace Cfx.Core.Statistics.Calibration;

/// <summary>Studies as the original scripts made them: each pair judged once, in an order drawn by a fair coin.</summary>
internal sealed class OneOrderSimulation : ICellSimulation
{
    private const string Few = "a handful of pairs an order: made of intervals that are themselves approximate";
    private readonly CalibrationCell _cell;
    private readonly SimulatedJudge _judge;
    private readonly double _better;
    private readonly double _equal;
    private readonly CodeTruth _truth;

    public OneOrderSimulation(CalibrationCell cell)
    {
        _cell = cell;
        _judge = new SimulatedJudge(cell.Scenario, cell.TieRate);
        double[] chances = PairTruth.Chances(cell.Scenario.Feedback, cell.TieRate);
        (_better, _equal) = (chances[0], chances[0] + chances[1]);
        _truth = new CodeTruth([.. Enumerable.Range(0, 16).Select(code => Enumerable.Range(0, 3).Sum(z => chances[z] * _judge.Codes(z)[code]))]);
    }

    public IReadOnlyDictionary<(CalibrationKind Kind, string Quantity), double> Exact { get; } =
        new Dictionary<(CalibrationKind, string), double>();

    public void Run(SplitMix64 random, int study, CalibrationTally tally, CancellationToken cancellationToken)
    {
        var counts = new long[2, 3];
        for (var i = 0; i < _cell.N; i++)
        {
            var order = random.NextIndex(2);
            var u = random.NextDouble();
            var z = u < _better ? 0 : u < _equal ? 1 : 2;
            // With model2 first the judge sees the pair turned round, and so is its verdict by slot.
            var slot = CodeTruth.ByModel(_judge.DrawOne(order == 0 ? z : 2 - z, random));
            counts[order, order == 0 ? slot : 2 - slot]++;
        }

        var result = OrderStratified.From(
            (counts[0, 0], counts[0, 1], counts[0, 2]), (counts[1, 0], counts[1, 1], counts[1, 2]), 0.95);
        tally.Covers("win rate", result.H is null ? null : result.Interval, _truth.Stratified, Few);
        tally.Errs("win rate", result.H, _truth.Stratified);
        tally.Covers("first-slot bias", result.BiasInterval, _truth.StratifiedBias, Few);
        tally.Errs("first-slot bias", result.FirstSlotBias, _truth.StratifiedBias);
        if (_cell.Scenario.IsNull)
        {
            tally.Rejects("permutation test of the win rate", result.PValue is { } p ? p <= 0.05 : null);
        }

        if (_cell.Scenario.Pull == 0)
        {
            tally.Rejects("permutation test of the bias", result.BiasP is { } p ? p <= 0.05 : null);
        }
    }
}
