namespace Cfx.Together.Wire;

/// <summary>LoRA with its rank, or full training; names are case-sensitive.</summary>
public sealed record TrainingType
{
    public required string Type { get; init; }

    public int? LoraR { get; init; }

    public int? LoraAlpha { get; init; }

    public double? LoraDropout { get; init; }

    public string? LoraTrainableModules { get; init; }
}
