using System.Text.Json;

namespace Cfx.Together.Wire;

/// <summary>What a direct call would have been answered.</summary>
public sealed record BatchLineResponse
{
    public double? StatusCode { get; init; }

    public JsonElement Body { get; init; }
}
