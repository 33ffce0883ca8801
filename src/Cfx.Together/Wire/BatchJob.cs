using System.Text.Json;

namespace Cfx.Together.Wire;

/// <summary>A batch of calls at the provider, as received.</summary>
public sealed record BatchJob
{
    public string? Id { get; init; }

    public string? InputFileId { get; init; }

    public string? Status { get; init; }

    /// <summary>0 to 100.</summary>
    public double? Progress { get; init; }

    public string? ModelId { get; init; }

    public string? CreatedAt { get; init; }

    public string? CompletedAt { get; init; }

    public string? OutputFileId { get; init; }

    public string? ErrorFileId { get; init; }

    /// <summary>Text; some sources have an object.</summary>
    public JsonElement Error { get; init; }
}
