namespace Cfx.Together.Wire.Serving;

/// <summary>A v1 endpoint, as received. In lists, display name and hardware are missing.</summary>
public sealed record EndpointObject
{
    public string? Id { get; init; }

    /// <summary>What inference calls give as the model.</summary>
    public string? Name { get; init; }

    public string? DisplayName { get; init; }

    public string? Model { get; init; }

    public string? Hardware { get; init; }

    public string? Type { get; init; }

    public string? Owner { get; init; }

    public string? State { get; init; }

    public string? CreatedAt { get; init; }
}
