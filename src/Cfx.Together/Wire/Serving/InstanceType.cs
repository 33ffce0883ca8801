namespace Cfx.Together.Wire.Serving;

/// <summary>Hardware that a deployment can run on, as received.</summary>
public sealed record InstanceType
{
    public string? Id { get; init; }

    public string? GpuType { get; init; }

    public double? GpuCount { get; init; }

    public double? PriceCentsPerHour { get; init; }
}
