using Cfx.Core.Conversations;

namespace Cfx.Core.Generation;

/// <summary>One question to a chat model. Equal requests are the same question.</summary>
/// <param name="Model">The model's name at its provider.</param>
/// <param name="Messages">The conversation so far; ends with a user message.</param>
/// <param name="Temperature">0 to 2; 0 is greedy.</param>
/// <param name="TopP">Nucleus share, above 0 to 1.</param>
/// <param name="MaxTokens">The most tokens to generate, at least 1.</param>
/// <param name="Seed">Makes sampling repeatable where the provider supports it; null leaves it to the provider.</param>
public sealed record ChatRequest(
    string Model,
    IReadOnlyList<Message> Messages,
    double Temperature,
    double TopP,
    int MaxTokens,
    int? Seed);
