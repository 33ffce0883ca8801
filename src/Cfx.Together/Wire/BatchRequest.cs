namespace Cfx.Together.Wire;

/// <summary>Asks for a batch.</summary>
public sealed record BatchRequest
{
    public required string Endpoint { get; init; }

    public required string InputFileId { get; init; }

    public string? CompletionWindow { get; init; }
}
