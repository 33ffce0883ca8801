using System.Text.Json.Serialization;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Jobs;

/// <summary>What a job was asked to do, with every default filled in. No key of any service is among it.</summary>
/// <param name="TrainingFile">The training file's id.</param>
/// <param name="TrainingHash">SHA-256 of its content.</param>
/// <param name="ValidationFile">The validation file's id; null for none.</param>
/// <param name="ValidationHash">SHA-256 of its content; null for none.</param>
/// <param name="LoraRank">The adapter's rank; null for full training.</param>
/// <param name="TrainOnInputs">Whether prompts are learnt as well; null for "auto", which does not.</param>
/// <param name="Scheduler">cosine or linear; null for a constant learning rate.</param>
internal sealed record JobSettings(
    string Model,
    string? Suffix,
    string TrainingFile,
    string TrainingHash,
    string? ValidationFile,
    string? ValidationHash,
    int Epochs,
    int Evaluations,
    int Checkpoints,
    int BatchSize,
    double LearningRate,
    int? LoraRank,
    double LoraAlpha,
    double LoraDropout,
    string LoraModules,
    string? Scheduler,
    double MinLearningRateRatio,
    double SchedulerCycles,
    double WarmupRatio,
    double MaxGradientNorm,
    double WeightDecay,
    int Seed,
    bool? TrainOnInputs = null)
{
    /// <summary>How it learns from preferences; null when it learns from examples.</summary>
    public PreferenceSettings? Preference { get; init; }

    /// <summary>The tuned model or checkpoint that training goes on from, by its name; null for the base model.</summary>
    public string? FromCheckpoint { get; init; }

    /// <summary>The settings that were asked for and change nothing here; null for none.</summary>
    [JsonIgnore]
    public string? Ignored
    {
        get
        {
            string?[] names =
            [
                Scheduler is null ? null : "lr_scheduler",
                WarmupRatio > 0 ? "warmup_ratio" : null,
                WeightDecay > 0 ? "weight_decay" : null,
                LoraDropout > 0 ? "lora_dropout" : null,
                TrainOnInputs is true ? "train_on_inputs" : null,
                Preference?.Ignored,
            ];
            return names.Any(name => name is not null) ? string.Join(", ", names.OfType<string>()) : null;
        }
    }

    /// <summary>A hash that equal jobs share, whatever ids their files have.</summary>
    /// <param name="repetition">0 for the first such job of a state folder.</param>
    public string Identity(int repetition) => ContentId.Hex(
        64,
        (this with { TrainingFile = string.Empty, ValidationFile = null }).ToString(),
        repetition == 0 ? null : FormattableString.Invariant($"{repetition}"));

    public override string ToString() => FormattableString.Invariant(
        $"{Model}|{Suffix}|{TrainingFile}|{TrainingHash}|{ValidationFile}|{ValidationHash}|{Epochs}|{Evaluations}|{Checkpoints}|{BatchSize}|{LearningRate:R}|{LoraRank}|{LoraAlpha:R}|{LoraDropout:R}|{LoraModules}|{Scheduler}|{MinLearningRateRatio:R}|{SchedulerCycles:R}|{WarmupRatio:R}|{MaxGradientNorm:R}|{WeightDecay:R}|{Seed}{(TrainOnInputs is null ? string.Empty : "|" + TrainOnInputs)}{(Preference is null ? string.Empty : "|" + Preference)}{(FromCheckpoint is null ? string.Empty : "|from " + FromCheckpoint)}");
}
