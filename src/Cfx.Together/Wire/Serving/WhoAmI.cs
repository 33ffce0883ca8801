namespace Cfx.Together.Wire.Serving;

/// <summary>Whose key it is.</summary>
public sealed record WhoAmI
{
    public string? ProjectId { get; init; }

    public string? ProjectSlug { get; init; }
}
