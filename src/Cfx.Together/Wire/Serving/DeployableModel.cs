namespace Cfx.Together.Wire.Serving;

/// <summary>A model of the provider's catalogue, or of one's own project, that can be deployed, as received.</summary>
public sealed record DeployableModel
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? ProjectId { get; init; }

    /// <summary>Told by the catalogue alone.</summary>
    public IReadOnlyList<DeploymentProfile>? DeploymentProfiles { get; init; }
}
