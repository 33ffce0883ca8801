namespace Cfx.Together.Wire.Serving;

/// <summary>A v1 endpoint to be made. It starts by itself.</summary>
public sealed record EndpointRequest
{
    public required string DisplayName { get; init; }

    public required string Model { get; init; }

    public required string Hardware { get; init; }

    public required Replicas Autoscaling { get; init; }

    /// <summary>Minutes without a call after which it stops by itself; without it, it bills until it is stopped.</summary>
    public required int InactiveTimeout { get; init; }
}
