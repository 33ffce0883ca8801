using System.Text.Json;

namespace Cfx.Together.Wire;

/// <summary>A job's measurements, in time order; each entry has open names such as train/loss.</summary>
public sealed record FineTuneMetrics
{
    public IReadOnlyList<JsonElement>? Metrics { get; init; }
}
