namespace Cfx.Together.Wire.Serving;

/// <summary>Starts, stops or times a deployment.</summary>
public sealed record DeploymentPatch
{
    public Scaling? Autoscaling { get; init; }

    /// <summary>Minutes without a call after which it stops, 30 to 1440, where the scaling has no such window.</summary>
    public int? InactiveTimeout { get; init; }
}
