namespace Cfx.Together.Wire;

/// <summary>One call of a batch, as sent.</summary>
public sealed record BatchInputLine
{
    public required string CustomId { get; init; }

    public required ChatCompletionRequest Body { get; init; }
}
