namespace Cfx.Core.Statistics.Calibration;

/// <summary>Draws and analyses one cell's studies. Safe for several threads.</summary>
internal interface ICellSimulation
{
    /// <summary>Exact values by kind and quantity, as far as they can be enumerated.</summary>
    IReadOnlyDictionary<(CalibrationKind Kind, string Quantity), double> Exact { get; }

    /// <param name="random">This study's own.</param>
    /// <param name="study">Its number from 0.</param>
    /// <param name="tally">Takes what it gives.</param>
    /// <param name="cancellationToken">Asked in long loops.</param>
    void Run(SplitMix64 random, int study, CalibrationTally tally, CancellationToken cancellationToken);
}
