namespace Cfx.Together.Store;

/// <summary>A call without a usable reply; it is asked again.</summary>
/// <param name="Key">As of an answered call.</param>
/// <param name="Server">Who was asked.</param>
/// <param name="Stage">The stage that asked.</param>
/// <param name="Study">The study that asked.</param>
/// <param name="Model">The model's name as requested.</param>
/// <param name="Reason">One line for a person.</param>
/// <param name="StatusCode">The HTTP status; null when there was no reply.</param>
/// <param name="At">When it failed.</param>
public sealed record FailedCall(
    string Key, string Server, string Stage, string Study, string Model, string Reason, int? StatusCode, DateTimeOffset At);
