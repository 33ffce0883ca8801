namespace Cfx.Together.Wire;

/// <summary>What is learnt from an example. Fields that do not belong to the method stay null.</summary>
public sealed record TrainingMethod
{
    public required string Method { get; init; }

    /// <summary>For sft, which needs it.</summary>
    public string? TrainOnInputs { get; init; }

    public double? DpoBeta { get; init; }

    public bool? DpoNormalizeLogratiosByLength { get; init; }

    public bool? DpoReferenceFree { get; init; }
}
