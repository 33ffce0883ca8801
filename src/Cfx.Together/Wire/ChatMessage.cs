namespace Cfx.Together.Wire;

/// <summary>One turn of a question.</summary>
public sealed record ChatMessage
{
    public required string Role { get; init; }

    public required string Content { get; init; }
}
