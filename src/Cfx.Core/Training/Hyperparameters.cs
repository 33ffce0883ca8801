namespace Cfx.Core.Training;

/// <summary>How to train.</summary>
/// <param name="Epochs">Passes over the training file, 1 or more.</param>
/// <param name="LearningRate">Step size; 0 or more (0 leaves the base model as it is).</param>
/// <param name="BatchSize">Examples a step; null for the provider's largest ("max").</param>
/// <param name="Lora">True for a low-rank adapter, false for all parameters.</param>
/// <param name="LoraRank">The adapter's rank; null for the provider's largest. Ignored when <paramref name="Lora"/> is false.</param>
/// <param name="Evaluations">How often the validation file is scored; 0 without one.</param>
/// <param name="Seed">Seeds the order of examples and the adapter's start; null leaves it to the provider.</param>
public sealed record Hyperparameters(
    int Epochs,
    double LearningRate,
    int? BatchSize,
    bool Lora,
    int? LoraRank,
    int Evaluations,
    int? Seed)
{
    /// <summary>How closely preference training holds the model to the base, above 0; null for training on answers.</summary>
    public double? DpoBeta { get; init; }
}
