namespace Cfx.Sandbox.Serving;

/// <summary>A model deployed under an endpoint of the second version.</summary>
internal sealed class DeploymentRecord
{
    public required string Id { get; init; }

    public required string EndpointId { get; init; }

    /// <summary>Without those of project and endpoint.</summary>
    public required string Name { get; init; }

    /// <summary>The model that it serves, by its own name.</summary>
    public required string Model { get; init; }

    /// <summary>The model's resource, with its revision.</summary>
    public required string ModelResource { get; init; }

    /// <summary>The configuration's resource.</summary>
    public required string Config { get; init; }

    public required string Hardware { get; init; }

    public int MinReplicas { get; set; }

    public int MaxReplicas { get; set; }

    /// <summary>As it was given; null for none.</summary>
    public string? ScaleToZeroWindow { get; set; }

    /// <summary>Minutes; null for none.</summary>
    public long? InactiveTimeout { get; set; }

    public bool EnableLora { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts the changes.</summary>
    public int Revision { get; set; }

    public ServingLife Life { get; init; } = new();

    /// <summary>Kept so that its id is never given again.</summary>
    public bool IsDeleted { get; set; }
}
