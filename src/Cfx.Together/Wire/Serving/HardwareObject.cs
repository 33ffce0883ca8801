namespace Cfx.Together.Wire.Serving;

/// <summary>Hardware that a v1 endpoint can run on, as received.</summary>
public sealed record HardwareObject
{
    public string? Id { get; init; }

    public HardwarePricing? Pricing { get; init; }

    /// <summary>Told only when a model is asked for.</summary>
    public HardwareAvailability? Availability { get; init; }
}
