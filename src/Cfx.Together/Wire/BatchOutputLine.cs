using System.Text.Json;

namespace Cfx.Together.Wire;

/// <summary>One result of a batch, in its output or its error file.</summary>
public sealed record BatchOutputLine
{
    public string? CustomId { get; init; }

    public BatchLineResponse? Response { get; init; }

    /// <summary>An object with a message, or text.</summary>
    public JsonElement Error { get; init; }
}
