using System.Text.Json.Serialization;

namespace Cfx.Together.Wire.Serving;

/// <summary>A deployment, as received.</summary>
public sealed record DeploymentObject
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Model { get; init; }

    public string? Config { get; init; }

    public string? CreatedAt { get; init; }

    [JsonConverter(typeof(ScalingConverter))]
    public Scaling? Autoscaling { get; init; }

    public double? InactiveTimeout { get; init; }

    [JsonConverter(typeof(DeploymentStateConverter))]
    public DeploymentState? Status { get; init; }
}
