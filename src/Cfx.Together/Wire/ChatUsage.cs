namespace Cfx.Together.Wire;

/// <summary>The tokens of a reply.</summary>
public sealed record ChatUsage
{
    public double? PromptTokens { get; init; }

    public double? CompletionTokens { get; init; }
}
