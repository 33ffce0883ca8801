namespace Cfx.Build.Host;

/// <summary>What a stage would do if it ran now.</summary>
/// <param name="UpToDate">True when it would do nothing.</param>
/// <param name="Reasons">Why it would run, one line a change (old → new), or why it is up to date; the shortest useful one first.</param>
public sealed record StageOutlook(bool UpToDate, IReadOnlyList<string> Reasons);
