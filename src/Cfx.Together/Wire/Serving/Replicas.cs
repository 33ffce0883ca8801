namespace Cfx.Together.Wire.Serving;

/// <summary>Bounds of the number of copies of a model on a v1 endpoint; both are always sent.</summary>
public sealed record Replicas
{
    public required int MinReplicas { get; init; }

    public required int MaxReplicas { get; init; }
}
