namespace Cfx.Together.Wire.Serving;

/// <summary>What hardware costs.</summary>
public sealed record HardwarePricing
{
    public double? CentsPerMinute { get; init; }
}
