using System.Text.Json;

namespace Cfx.Together.Wire;

/// <summary>A model that the provider serves.</summary>
public sealed record ModelObject
{
    public string? Id { get; init; }

    public string? Type { get; init; }

    public string? DisplayName { get; init; }

    public double? ContextLength { get; init; }

    /// <summary>Numbers whose unit no source states; of any form, so that an unusual one does not hide the model.</summary>
    public JsonElement Pricing { get; init; }
}
