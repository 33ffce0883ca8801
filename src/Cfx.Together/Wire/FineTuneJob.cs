using System.Text.Json.Serialization;

namespace Cfx.Together.Wire;

/// <summary>A fine-tuning job, whole or shortened, as received.</summary>
public sealed record FineTuneJob
{
    public string? Id { get; init; }

    public string? JobId { get; init; }

    public string? Status { get; init; }

    public string? Model { get; init; }

    public string? ModelOutputName { get; init; }

    public string? OutputName { get; init; }

    public string? XModelOutputName { get; init; }

    public string? AdapterOutputName { get; init; }

    public string? Suffix { get; init; }

    public string? TrainingFile { get; init; }

    public string? ValidationFile { get; init; }

    public string? CreatedAt { get; init; }

    public string? UpdatedAt { get; init; }

    public string? StartedAt { get; init; }

    public double? TotalPrice { get; init; }

    public double? TokenCount { get; init; }

    [JsonConverter(typeof(FineTuneProgressConverter))]
    public FineTuneProgress? Progress { get; init; }
}
