namespace Cfx.Sandbox.Hosting;

/// <summary>All that training depends on: equal orders give equal models.</summary>
/// <param name="LoraRank">The rank of the correction that is trained; null trains all parameters.</param>
/// <param name="LoraAlpha">The correction's strength; it counts alpha over rank.</param>
/// <param name="Evaluations">How often the validation examples are scored, evenly over the training.</param>
internal sealed record TrainingOrder(
    string BaseModel,
    IReadOnlyList<TrainingExample> Training,
    IReadOnlyList<TrainingExample> Validation,
    int Epochs,
    int BatchSize,
    double LearningRate,
    int? LoraRank,
    double LoraAlpha,
    int Evaluations,
    int Seed)
{
    /// <summary>A tuned model's file that training goes on from; null for the base model.</summary>
    public string? StartPath { get; init; }

    /// <summary>The beta of learning from preferences; null when examples are learned.</summary>
    public double? PreferenceBeta { get; init; }

    /// <summary>Whether preferences are learned without a reference.</summary>
    public bool IsReferenceFree { get; init; }
}
