namespace Cfx.Together.Wire;

/// <summary>A model that the provider serves.</summary>
public sealed record ModelObject
{
    public string? Id { get; init; }

    public string? Type { get; init; }

    public string? DisplayName { get; init; }

    public double? ContextLength { get; init; }
}
