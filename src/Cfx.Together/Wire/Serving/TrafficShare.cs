namespace Cfx.Together.Wire.Serving;

/// <summary>One deployment's share of an endpoint's calls.</summary>
public sealed record TrafficShare
{
    public required string DeploymentId { get; init; }

    public required int Weight { get; init; }
}
