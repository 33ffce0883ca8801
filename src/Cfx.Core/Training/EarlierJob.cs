namespace Cfx.Core.Training;

/// <summary>A job that the record was about before the present one.</summary>
/// <param name="JobId">The provider's id; null when it was refused before it had one.</param>
/// <param name="Suffix">The suffix it was created with.</param>
/// <param name="Fingerprint">What it was made of.</param>
/// <param name="Status">How it ended, or how it stood when the record moved on.</param>
/// <param name="OutputModel">Its tuned model, where there is one.</param>
/// <param name="Failure">Why it ended without a model.</param>
public sealed record EarlierJob(string? JobId, string Suffix, string Fingerprint, string Status, string? OutputModel, string? Failure);
