namespace Cfx.Together.Wire.Serving;

/// <summary>A way to run a model, as received.</summary>
public sealed record DeploymentConfig
{
    public string? Id { get; init; }

    /// <summary>The project that owns it, which is seldom one's own.</summary>
    public string? ProjectId { get; init; }

    public IReadOnlyList<ConfigSelector>? Selectors { get; init; }
}
