namespace Cfx.Together.Wire.Serving;

/// <summary>Whether hardware can be had now.</summary>
public sealed record HardwareAvailability
{
    /// <summary>available, unavailable or insufficient.</summary>
    public string? Status { get; init; }
}
