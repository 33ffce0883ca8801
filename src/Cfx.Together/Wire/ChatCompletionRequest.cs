namespace Cfx.Together.Wire;

/// <summary>A question to a chat model, as sent.</summary>
public sealed record ChatCompletionRequest
{
    public required string Model { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public int MaxTokens { get; init; }

    public double Temperature { get; init; }

    public double TopP { get; init; }

    public int? Seed { get; init; }
}
