namespace Cfx.Together;

/// <summary>How hard one stage may press a server. All stages of a run share the server's dispatcher, which keeps to the limits of each.</summary>
/// <param name="MaxConcurrency">The most chat calls in flight at the server when one of this stage starts, itself included, 1 to 1024.</param>
/// <param name="Delay">The least time between the starts of two chat calls, 0 or more.</param>
public sealed record CallLimits(int MaxConcurrency, TimeSpan Delay);
