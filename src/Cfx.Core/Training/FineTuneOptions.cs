using Cfx.Core.Spending;

namespace Cfx.Core.Training;

/// <summary>One fine-tuning job to have done.</summary>
/// <param name="Arm">The arm's name, for messages and the record.</param>
/// <param name="Provider">The provider's name, for messages and the record.</param>
/// <param name="Sandbox">Whether the provider is the sandbox.</param>
/// <param name="BaseModel">The model to start from.</param>
/// <param name="TrainingPath">A training file in the strict form.</param>
/// <param name="ValidationPath">A validation file in the strict form; null, missing or empty for none.</param>
/// <param name="Hyperparameters">How to train. With a validation file at least one evaluation is asked for, without one none.</param>
/// <param name="Suffix">Begins the job's suffix; what is not a lower-case letter, digit or hyphen is replaced and the end is cut so that the
/// fingerprint fits.</param>
/// <param name="RecordPath">The job record's file.</param>
/// <param name="Monitor">Whether to follow the job to its end; when false, the run ends once the job is created.</param>
/// <param name="CheckInterval">Time between looks at the job, above 0.</param>
/// <param name="Deadline">The longest time to follow the job; null for no limit.</param>
/// <param name="Force">Whether to train anew though a job of the same fingerprint ended. One that is still running is followed all the same.</param>
public sealed record FineTuneOptions(
    string Arm,
    string Provider,
    bool Sandbox,
    string BaseModel,
    string TrainingPath,
    string? ValidationPath,
    Hyperparameters Hyperparameters,
    string Suffix,
    string RecordPath,
    bool Monitor,
    TimeSpan CheckInterval,
    TimeSpan? Deadline,
    bool Force)
{
    /// <summary>How long a job whose creating call went unanswered may take to appear in the provider's list before the call is sent again.</summary>
    public TimeSpan LostReplyWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Asked before the job is created and told what it came to; null where nothing costs money.</summary>
    public IBudget? Budget { get; init; }

    /// <summary>What the job costs at most, in US dollars, where the provider names no price; null, or an answer of null, for not known.</summary>
    public Func<JobRecord, FineTuningEstimate?, decimal?>? FallbackPrice { get; init; }

    /// <summary>The Weights &amp; Biases project that the provider reports the curves to; null for none.</summary>
    public string? WandbProject { get; init; }

    /// <summary>Whether other jobs are followed at the same time, so that progress must name the arm.</summary>
    public bool IsOneOfSeveral { get; init; }

    /// <exception cref="MisuseException">A value is out of range; every fault is named.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Require(Hyperparameters.Epochs >= 1, $"--epochs is {Hyperparameters.Epochs}; it must be 1 or more");
        Require(
            double.IsFinite(Hyperparameters.LearningRate) && Hyperparameters.LearningRate >= 0,
            FormattableString.Invariant($"--learning-rate is {Hyperparameters.LearningRate}; it must be 0 or more"));
        Require(Hyperparameters.BatchSize is null or >= 1, $"--batch-size is {Hyperparameters.BatchSize}; it must be 1 or more, or max");
        Require(Hyperparameters.LoraRank is null or >= 1, $"the LoRA rank is {Hyperparameters.LoraRank}; it must be 1 or more");
        Require(Hyperparameters.Evaluations >= 0, $"the number of evaluations is {Hyperparameters.Evaluations}; it must be 0 or more");
        Require(
            Hyperparameters.DpoBeta is null || (double.IsFinite(Hyperparameters.DpoBeta.Value) && Hyperparameters.DpoBeta > 0),
            FormattableString.Invariant($"--dpo-beta is {Hyperparameters.DpoBeta}; it must be above 0"));
        Require(CheckInterval > TimeSpan.Zero, $"--check-interval is {CheckInterval.TotalSeconds} s; it must be above 0");
        Require(Deadline is not { } d || d > TimeSpan.Zero, "the deadline must be above 0");
        Require(!string.IsNullOrWhiteSpace(BaseModel), "no base model is named; give --model");
        if (faults.Count > 0)
        {
            throw new MisuseException($"Fine-tuning of '{Arm}': {string.Join("; ", faults)}.");
        }

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }
}
