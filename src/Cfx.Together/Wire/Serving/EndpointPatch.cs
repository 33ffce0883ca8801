namespace Cfx.Together.Wire.Serving;

/// <summary>Starts or stops a v1 endpoint.</summary>
public sealed record EndpointPatch
{
    /// <summary>STARTED or STOPPED.</summary>
    public required string State { get; init; }

    public int? InactiveTimeout { get; init; }
}
