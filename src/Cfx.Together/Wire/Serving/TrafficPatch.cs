namespace Cfx.Together.Wire.Serving;

/// <summary>Says which deployments of a v2 endpoint get its calls.</summary>
public sealed record TrafficPatch
{
    public required IReadOnlyList<TrafficShare> TrafficSplit { get; init; }
}
