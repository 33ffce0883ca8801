namespace Cfx.Together.Wire;

/// <summary>What one kind of training allows.</summary>
public sealed record TrainingLimits
{
    public double? MaxBatchSize { get; init; }

    public double? MinBatchSize { get; init; }

    public double? MaxRank { get; init; }
}
