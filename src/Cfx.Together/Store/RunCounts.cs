namespace Cfx.Together.Store;

/// <summary>What one run asked of the store.</summary>
/// <param name="StartedAt">When its first call was made.</param>
/// <param name="Hits">Answers that were there already, or that another call of the run was about to bring.</param>
/// <param name="Asked">Answers that the provider gave.</param>
/// <param name="Failed">Calls without a usable reply.</param>
public sealed record RunCounts(DateTimeOffset StartedAt, long Hits, long Asked, long Failed);
