namespace Cfx.Together.Serving;

/// <summary>An endpoint as the provider tells it.</summary>
/// <param name="Way">Which API it belongs to.</param>
/// <param name="EndpointId">The provider's id.</param>
/// <param name="Phase">How it stands.</param>
/// <param name="Words">The provider's own words for that.</param>
public sealed record RemoteServing(ServingWay Way, string EndpointId, ServingPhase Phase, string Words)
{
    /// <summary>The name that its maker gave it; null when not told.</summary>
    public string? Name { get; init; }

    /// <summary>What calls give as the model; null when not told.</summary>
    public string? ServedName { get; init; }

    /// <summary>The deployment's id, of a v2 endpoint; null when it has none.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>The model that it serves, in the provider's words; null when not told.</summary>
    public string? Model { get; init; }

    public string? Hardware { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
}
