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
    int Seed);
