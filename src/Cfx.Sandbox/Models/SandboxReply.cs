namespace Cfx.Sandbox.Models;

/// <summary>What a sandbox model answered.</summary>
/// <param name="Text">The answer; empty only when no token was allowed.</param>
/// <param name="FinishReason"><c>stop</c>, or <c>length</c> when the answer was cut off at the token limit.</param>
/// <param name="PromptTokens">Tokens of the request, by <see cref="TokenCounter"/>.</param>
/// <param name="CompletionTokens">Tokens of <paramref name="Text"/>.</param>
public sealed record SandboxReply(string Text, string FinishReason, int PromptTokens, int CompletionTokens);
