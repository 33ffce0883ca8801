namespace Cfx.Core.Training;

/// <summary>What a check of a training file found.</summary>
/// <param name="Examples">Lines that are well formed.</param>
/// <param name="Faults">The first faults, in line order; at most as many as were asked for.</param>
/// <param name="FaultCount">All faults.</param>
public sealed record TrainingFileReport(int Examples, IReadOnlyList<TrainingFileFault> Faults, int FaultCount)
{
    public bool IsValid => FaultCount == 0;
}
