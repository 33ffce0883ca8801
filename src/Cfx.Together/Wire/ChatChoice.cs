namespace Cfx.Together.Wire;

/// <summary>One of a reply's answers.</summary>
public sealed record ChatChoice
{
    public string? FinishReason { get; init; }

    public ChatReplyMessage? Message { get; init; }
}
