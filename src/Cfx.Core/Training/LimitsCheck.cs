using System.Globalization;

namespace Cfx.Core.Training;

/// <summary>Holds hyperparameters against what a provider allows for a base model.</summary>
public static class LimitsCheck
{
    /// <exception cref="MisuseException">Something is out of limits; names every such value and its limit.</exception>
    public static void Require(Hyperparameters hyperparameters, FineTuningLimits limits, string baseModel)
    {
        ArgumentNullException.ThrowIfNull(hyperparameters);
        ArgumentNullException.ThrowIfNull(limits);
        var faults = new List<string>();
        Above("--epochs", hyperparameters.Epochs, limits.MaxEpochs);
        Above("evaluations", hyperparameters.Evaluations, limits.MaxEvaluations);
        Above("--learning-rate", hyperparameters.LearningRate, limits.MaxLearningRate);
        Below("--learning-rate", hyperparameters.LearningRate, limits.MinLearningRate);
        Above("--batch-size", hyperparameters.BatchSize, limits.MaxBatchSize);
        Below("--batch-size", hyperparameters.BatchSize, limits.MinBatchSize);
        if (hyperparameters.Lora)
        {
            Above("LoRA rank", hyperparameters.LoraRank, limits.MaxLoraRank);
        }

        if (hyperparameters.Lora ? !limits.SupportsLora : !limits.SupportsFull)
        {
            faults.Add(hyperparameters.Lora ? "LoRA is not offered (use --full)" : "full fine-tuning is not offered (use --lora)");
        }

        if (faults.Count > 0)
        {
            throw new MisuseException($"'{baseModel}' cannot be fine-tuned as asked: {string.Join("; ", faults)}. Change these and run again.");
        }

        void Above(string name, double? value, double? limit)
        {
            if (value > limit)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, at most {limit} is allowed"));
            }
        }

        void Below(string name, double? value, double? limit)
        {
            if (value < limit)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, at least {limit} is needed"));
            }
        }
    }
}
