namespace Cfx.Sandbox.Serving;

/// <summary>All that is served by other names than its own, oldest first.</summary>
internal sealed class ServingState
{
    public List<EndpointRecord> Endpoints { get; init; } = [];

    public List<RoutedEndpointRecord> RoutedEndpoints { get; init; } = [];

    public List<DeploymentRecord> Deployments { get; init; } = [];
}
