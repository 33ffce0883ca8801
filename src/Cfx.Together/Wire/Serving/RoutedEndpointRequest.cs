namespace Cfx.Together.Wire.Serving;

/// <summary>A v2 endpoint to be made: a name that calls can be sent to, without any hardware yet.</summary>
public sealed record RoutedEndpointRequest
{
    public required string Name { get; init; }
}
