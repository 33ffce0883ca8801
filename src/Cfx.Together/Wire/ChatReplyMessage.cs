using System.Text.Json;

namespace Cfx.Together.Wire;

/// <summary>An answer. The content is text, null, or an array of parts.</summary>
public sealed record ChatReplyMessage
{
    public JsonElement Content { get; init; }

    public string? Refusal { get; init; }
}
