namespace Cfx.Core.Statistics.Calibration;

/// <summary>Simulates whole studies with known truth, from raw judge texts to the last interval, and measures how often the statistics are
/// right.</summary>
public static class Calibrator
{
    // Studies are added up in blocks of this size, and blocks in their order, so that rounding does not depend on threads.
    private const int Block = 100;

    /// <summary>Every scenario at every size and tie rate.</summary>
    public static IReadOnlyList<CalibrationCell> Cells(CalibrationOptions options) =>
    [
        .. from scenario in CalibrationScenario.All
           from n in scenario.Sizes ?? options.Sizes
           from tieRate in options.TieRates
           select new CalibrationCell(scenario, n, tieRate),
    ];

    /// <param name="options">How much.</param>
    /// <param name="progress">Told the cells done; null for nobody.</param>
    /// <param name="cancellationToken">Ends the simulation early.</param>
    public static CalibrationReport Run(CalibrationOptions options, IProgressSink? progress, CancellationToken cancellationToken)
    {
        var cells = Cells(options);
        var rows = new List<CalibrationRow>();
        using var scope = progress?.Begin("cells", cells.Count);
        foreach (var (index, cell) in cells.Index())
        {
            scope?.Report(index, cell.Scenario.Name);
            rows.AddRange(RunCell(cell, options, cancellationToken));
        }

        scope?.Report(cells.Count);
        return new CalibrationReport(options, rows);
    }

    /// <summary>One cell by itself; it does not depend on which others are simulated.</summary>
    /// <param name="cell">What to simulate: twenty conversations or more, a tie rate below 0.6.</param>
    /// <param name="options">How much.</param>
    /// <param name="cancellationToken">Ends the simulation early.</param>
    public static IReadOnlyList<CalibrationRow> RunCell(CalibrationCell cell, CalibrationOptions options, CancellationToken cancellationToken)
    {
        if (options.Studies < 1 || cell.N < (cell.Scenario.Sizes is null ? 20 : 4) || cell.TieRate is < 0 or >= 0.6)
        {
            throw new ArgumentException("At least one study, twenty conversations (four in a scenario of few), and a tie rate from 0 to below 0.6.", nameof(options));
        }

        var simulation = Simulation(cell, options);
        var start = new SplitMix64(options.Seed ^ CellSeed(cell)).NextUInt64();
        var blocks = new CalibrationTally[(options.Studies + Block - 1) / Block];
        Parallel.For(
            0,
            blocks.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellationToken },
            block =>
            {
                var tally = new CalibrationTally();
                for (var study = block * Block; study < Math.Min(options.Studies, (block + 1) * Block); study++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    // The generator's first number spreads neighbouring seeds over all its states.
                    var own = new SplitMix64(new SplitMix64(unchecked(start + (ulong)study)).NextUInt64());
                    simulation.Run(own, study, tally, cancellationToken);
                }

                blocks[block] = tally;
            });
        var total = new CalibrationTally();
        foreach (var tally in blocks)
        {
            total.Merge(tally);
        }

        return [.. total.Rows(cell, simulation.Exact)];
    }

    private static ICellSimulation Simulation(CalibrationCell cell, CalibrationOptions options) => cell.Scenario.Design switch
    {
        CalibrationDesign.Clusters => new ClusterSimulation(cell, options),
        CalibrationDesign.Lengths => new LengthSimulation(cell, options),
        CalibrationDesign.Judges => new JudgesSimulation(cell),
        CalibrationDesign.OneOrder => new OneOrderSimulation(cell),
        CalibrationDesign.FewPairs => new FewPairsSimulation(cell),
        _ => new ThreeArmsSimulation(cell, options),
    };

    private static ulong CellSeed(CalibrationCell cell)
    {
        var seed = unchecked(((ulong)cell.N << 32) ^ BitConverter.DoubleToUInt64Bits(cell.TieRate));
        foreach (var character in cell.Scenario.Name)
        {
            seed = new SplitMix64(seed ^ character).NextUInt64();
        }

        return seed;
    }
}
