using System.Text.Json.Serialization;

namespace Cfx.Together.Wire;

/// <summary>A file at the provider.</summary>
public sealed record FileObject
{
    public string? Id { get; init; }

    public string? Filename { get; init; }

    public double? Bytes { get; init; }

    public string? Purpose { get; init; }

    public double? CreatedAt { get; init; }

    [JsonPropertyName("Processed")]
    public bool? Processed { get; init; }

    public string? ProcessingStatus { get; init; }

    public ValidationReport? ValidationReport { get; init; }
}
