using Cfx.Core;

namespace Cfx.Sandbox.Models;

/// <summary>How to tune a model.</summary>
/// <param name="Epochs">Passes over the examples, 1 to <see cref="MaximumEpochs"/>.</param>
/// <param name="LearningRate">Step size, 0 to 1; 0.001 to 0.5 is sensible, 0 leaves the base as it is.</param>
/// <param name="BatchSize">Examples a step, 1 to <see cref="MaximumBatchSize"/>; also the answers that each must be told from.</param>
/// <param name="LoraRank">Rank of the low-rank correction, 1 to <see cref="MaximumLoraRank"/>; null trains all parameters.</param>
/// <param name="LoraAlpha">Strength of the correction; it is multiplied by alpha over rank. Null for twice the rank.</param>
/// <param name="Evaluations">How often the validation loss is measured, evenly over the steps; the last is after the last step.</param>
/// <param name="PreferenceBeta">Learns which of two answers is preferred: the smaller, above 0, the further training may go from the base; null learns the answers themselves.</param>
/// <param name="IsReferenceFree">Whether preferences are learned as if the base had none of its own.</param>
/// <param name="Seed">Seeds the order of the examples and the adapter's start.</param>
public sealed record TuningSettings(
    int Epochs = 3,
    double LearningRate = TuningSettings.DefaultLearningRate,
    int BatchSize = TuningSettings.MaximumBatchSize,
    int? LoraRank = TuningSettings.DefaultLoraRank,
    double? LoraAlpha = null,
    int Evaluations = 0,
    ulong Seed = 0,
    double? PreferenceBeta = null,
    bool IsReferenceFree = false)
{
    public const double DefaultLearningRate = 0.05;
    public const int DefaultLoraRank = 8;
    public const int MaximumLoraRank = 32;
    public const int MaximumBatchSize = 32;
    public const int MaximumEpochs = 100;

    /// <summary>Checks every value.</summary>
    /// <exception cref="MisuseException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Check(Epochs is >= 1 and <= MaximumEpochs, nameof(Epochs), Epochs, $"1 to {MaximumEpochs}");
        Check(LearningRate is >= 0 and <= 1, nameof(LearningRate), LearningRate, "0 to 1");
        Check(BatchSize is >= 1 and <= MaximumBatchSize, nameof(BatchSize), BatchSize, $"1 to {MaximumBatchSize}");
        Check(LoraRank is null or (>= 1 and <= MaximumLoraRank), nameof(LoraRank), LoraRank ?? 0, $"1 to {MaximumLoraRank}");
        Check(LoraAlpha is null or (> 0 and <= 1024), nameof(LoraAlpha), LoraAlpha ?? 0, "above 0, to 1024");
        Check(PreferenceBeta is null or > 0, nameof(PreferenceBeta), PreferenceBeta ?? 0, "more than 0");
        Check(Evaluations is >= 0 and <= 1000, nameof(Evaluations), Evaluations, "0 to 1000");
    }

    private static void Check(bool valid, string name, double value, string range)
    {
        if (!valid)
        {
            throw new MisuseException(FormattableString.Invariant($"Fine-tuning: {name} is {value}; give {range}."));
        }
    }
}
