namespace Cfx.Sandbox.Http;

/// <param name="Allowed">Whether the request may go on.</param>
/// <param name="Remaining">Requests that may still come at once.</param>
/// <param name="RetryAfterSeconds">Until the next request may come.</param>
/// <param name="ResetSeconds">Until the whole burst may come again.</param>
internal readonly record struct RateDecision(bool Allowed, int Remaining, double RetryAfterSeconds, double ResetSeconds);
