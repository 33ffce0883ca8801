namespace Cfx.Together.Wire.Serving;

/// <summary>A model and a config that go together.</summary>
public sealed record DeploymentProfile
{
    public string? Model { get; init; }

    public string? Config { get; init; }

    public string? GpuType { get; init; }

    public double? GpuCount { get; init; }

    public string? Quantization { get; init; }
}
