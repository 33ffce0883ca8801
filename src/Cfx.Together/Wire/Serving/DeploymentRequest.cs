namespace Cfx.Together.Wire.Serving;

/// <summary>A deployment to be made.</summary>
public sealed record DeploymentRequest
{
    public required string Name { get; init; }

    /// <summary>projects/{project}/models/{model}.</summary>
    public required string Model { get; init; }

    /// <summary>projects/{project that owns it}/configs/{config}.</summary>
    public required string Config { get; init; }

    public required Scaling Autoscaling { get; init; }

    /// <summary>Minutes without a call after which it stops, 30 to 1440, where the scaling has no such window.</summary>
    public int? InactiveTimeout { get; init; }
}
