namespace Cfx.Core.Training;

/// <summary>What a fine-tuning job is asked to do.</summary>
/// <param name="BaseModel">The model to start from.</param>
/// <param name="TrainingFileId">The provider's id of the uploaded training file.</param>
/// <param name="ValidationFileId">The provider's id of the uploaded validation file; null for none.</param>
/// <param name="Hyperparameters">How to train.</param>
/// <param name="Suffix">Ends the tuned model's name and identifies the job when its reply was lost; 40 characters at most.</param>
public sealed record FineTuningRequest(
    string BaseModel,
    string TrainingFileId,
    string? ValidationFileId,
    Hyperparameters Hyperparameters,
    string Suffix)
{
    /// <summary>Must fit the training file's format.</summary>
    public TrainingKind Training { get; init; } = TrainingKind.Sft;

    /// <summary>For <see cref="TrainingKind.Dpo"/> alone; null for the provider's defaults.</summary>
    public DpoOptions? Dpo { get; init; }

    /// <summary>A job, model or checkpoint of the provider's to go on from (<c>ft-1</c>, <c>me/model</c>, either with <c>:STEP</c>); null starts from
    /// the base model.</summary>
    public string? FromCheckpoint { get; init; }

    /// <summary>The Weights &amp; Biases project that the provider reports to; null for none. Its key is no part of a request.</summary>
    public string? WandbProject { get; init; }
}
