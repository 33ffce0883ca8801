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
    string Suffix);
