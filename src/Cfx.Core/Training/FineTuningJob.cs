namespace Cfx.Core.Training;

/// <summary>A fine-tuning job as its provider last described it.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Status">The provider's word, lower case; see <see cref="JobStatus"/> for its meaning.</param>
/// <param name="BaseModel">The model it started from; null when not told.</param>
/// <param name="OutputModel">The tuned model's name; may be told before the job is complete.</param>
/// <param name="Suffix">The suffix it was created with; null when not told.</param>
/// <param name="TrainingFileId">The provider's id of the training file; null when not told.</param>
/// <param name="CreatedAt">When it was created; null when not told.</param>
/// <param name="TotalPriceUsd">What it costs, in US dollars; null when not told.</param>
/// <param name="TokenCount">Tokens trained on; null when not told.</param>
/// <param name="SecondsRemaining">The provider's estimate; null when it gives none.</param>
public sealed record FineTuningJob(
    string Id,
    string Status,
    string? BaseModel,
    string? OutputModel,
    string? Suffix,
    string? TrainingFileId,
    DateTimeOffset? CreatedAt,
    decimal? TotalPriceUsd,
    long? TokenCount,
    double? SecondsRemaining);
