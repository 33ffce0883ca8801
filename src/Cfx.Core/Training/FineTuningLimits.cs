namespace Cfx.Core.Training;

/// <summary>What a provider allows for one base model; null where it does not say.</summary>
public sealed record FineTuningLimits(
    int? MaxEpochs,
    int? MaxEvaluations,
    double? MinLearningRate,
    double? MaxLearningRate,
    int? MinBatchSize,
    int? MaxBatchSize,
    int? MaxLoraRank,
    bool SupportsLora,
    bool SupportsFull);
