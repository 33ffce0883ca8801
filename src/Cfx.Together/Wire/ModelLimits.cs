namespace Cfx.Together.Wire;

/// <summary>What may be asked of a base model.</summary>
public sealed record ModelLimits
{
    public string? ModelName { get; init; }

    public TrainingLimits? FullTraining { get; init; }

    public TrainingLimits? LoraTraining { get; init; }

    public double? MaxNumEpochs { get; init; }

    public double? MaxNumEvals { get; init; }

    public double? MaxLearningRate { get; init; }

    public double? MinLearningRate { get; init; }
}
