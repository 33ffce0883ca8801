namespace Cfx.Sandbox.Hosting;

/// <summary>What a model's training may be asked to do; all bounds are allowed values.</summary>
internal sealed record TrainingLimits(
    int MinBatchSize,
    int MaxBatchSize,
    int MaxRank,
    int MaxEpochs,
    int MaxEvaluations,
    double MinLearningRate,
    double MaxLearningRate);
