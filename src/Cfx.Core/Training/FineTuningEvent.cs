namespace Cfx.Core.Training;

/// <summary>Something that happened to a job.</summary>
/// <param name="CreatedAt">When; null when not told.</param>
/// <param name="Type">The provider's event type, lower case; unknown ones are kept.</param>
/// <param name="Level">info, warning or error, lower case; empty when not told.</param>
/// <param name="Message">The provider's text.</param>
/// <param name="Step">The training step it belongs to; null when not told.</param>
/// <param name="TotalSteps">All steps of the job; null when not told.</param>
public sealed record FineTuningEvent(DateTimeOffset? CreatedAt, string Type, string Level, string Message, int? Step, int? TotalSteps);
