namespace Cfx.Sandbox.Serving;

/// <summary>A dedicated endpoint of the first version, as the state folder keeps it.</summary>
internal sealed class EndpointRecord
{
    public required string Id { get; init; }

    /// <summary>What requests call it.</summary>
    public required string Name { get; init; }

    public required string DisplayName { get; set; }

    /// <summary>The model that it serves, by its own name.</summary>
    public required string Model { get; init; }

    public required string Hardware { get; init; }

    public int MinReplicas { get; set; }

    public int MaxReplicas { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public ServingLife Life { get; init; } = new();

    /// <summary>Kept so that its id is never given again.</summary>
    public bool IsDeleted { get; set; }
}
