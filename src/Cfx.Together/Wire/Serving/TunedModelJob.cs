namespace Cfx.Together.Wire.Serving;

/// <summary>What a fine-tuning job says of the model that it made.</summary>
public sealed record TunedModelJob
{
    public string? Id { get; init; }

    public string? Status { get; init; }

    public string? CreatedAt { get; init; }

    public string? ModelOutputName { get; init; }

    public string? OutputName { get; init; }

    public string? XModelOutputName { get; init; }

    public string? AdapterOutputName { get; init; }

    /// <summary>The identity under which it can be deployed (ml_…).</summary>
    public string? ModelObjectId { get; init; }

    public string? AdapterObjectId { get; init; }
}
