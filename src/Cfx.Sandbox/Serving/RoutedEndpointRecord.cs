namespace Cfx.Sandbox.Serving;

/// <summary>An endpoint of the second version: a name, and the deployments that its requests are split among.</summary>
internal sealed class RoutedEndpointRecord
{
    public required string Id { get; init; }

    /// <summary>Without the project's.</summary>
    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts the changes.</summary>
    public int Revision { get; set; }

    /// <summary>Weights by deployment.</summary>
    public Dictionary<string, double> TrafficSplit { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Kept so that its id is never given again.</summary>
    public bool IsDeleted { get; set; }
}
