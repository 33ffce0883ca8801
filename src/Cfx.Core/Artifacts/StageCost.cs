namespace Cfx.Core.Artifacts;

/// <summary>What a run of a stage used.</summary>
/// <param name="PromptTokens">Tokens read by models; null when no provider said.</param>
/// <param name="CompletionTokens">Tokens written by models; null when no provider said.</param>
/// <param name="Usd">US dollars; null when unknown, 0 only when it is known to be free.</param>
public sealed record StageCost(long? PromptTokens, long? CompletionTokens, decimal? Usd)
{
    /// <summary>A stage that asks no provider.</summary>
    public static StageCost None { get; } = new(null, null, 0);
}
