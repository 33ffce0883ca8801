namespace Cfx.Together.Store;

/// <summary>How an import came out.</summary>
/// <param name="Added">Answers that were not there.</param>
/// <param name="Known">Answers that were there, the same.</param>
/// <param name="Conflicts">Keys of answers that were there with another reply, which was kept.</param>
public sealed record ImportResult(long Added, long Known, IReadOnlyList<string> Conflicts);
