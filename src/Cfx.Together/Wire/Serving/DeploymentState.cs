namespace Cfx.Together.Wire.Serving;

/// <summary>How a deployment stands.</summary>
public sealed record DeploymentState
{
    /// <summary>DEPLOYMENT_STATE_ and PROVISIONING, SCALING, READY, DEGRADED, STOPPING, STOPPED or FAILED.</summary>
    public string? State { get; init; }

    public string? Message { get; init; }

    public double? ReadyReplicas { get; init; }
}
