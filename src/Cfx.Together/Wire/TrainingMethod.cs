namespace Cfx.Together.Wire;

/// <summary>What is learnt from an example.</summary>
public sealed record TrainingMethod
{
    public required string Method { get; init; }

    public required string TrainOnInputs { get; init; }
}
