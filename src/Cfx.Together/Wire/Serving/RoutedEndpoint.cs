namespace Cfx.Together.Wire.Serving;

/// <summary>A v2 endpoint, as received.</summary>
public sealed record RoutedEndpoint
{
    public string? Id { get; init; }

    /// <summary>The project's slug, a slash, and the name: what inference calls give as the model.</summary>
    public string? Name { get; init; }

    public string? CreatedAt { get; init; }

    public string? EndpointType { get; init; }
}
