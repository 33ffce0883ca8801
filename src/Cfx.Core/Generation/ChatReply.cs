namespace Cfx.Core.Generation;

/// <summary>A chat model's answer.</summary>
/// <param name="Outcome">Whether the text may be used as a whole answer.</param>
/// <param name="Content">The text; empty unless the model gave some.</param>
/// <param name="FinishReason">The provider's own word for why generation ended; empty when it gave none.</param>
/// <param name="CreatedAt">When the provider made the answer, to the second.</param>
/// <param name="PromptTokens">Tokens read; null when the provider did not say.</param>
/// <param name="CompletionTokens">Tokens written; null when the provider did not say.</param>
public sealed record ChatReply(
    ChatOutcome Outcome,
    string Content,
    string FinishReason,
    DateTimeOffset CreatedAt,
    int? PromptTokens,
    int? CompletionTokens)
{
    /// <summary>The provider's own name for the call, for questions to its support; null when it gave none.</summary>
    public string? RequestId { get; init; }
}
