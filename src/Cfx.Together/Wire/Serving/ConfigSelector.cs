namespace Cfx.Together.Wire.Serving;

/// <summary>One property of a config, such as accelerator_type.</summary>
public sealed record ConfigSelector
{
    public string? Key { get; init; }

    public string? Value { get; init; }
}
