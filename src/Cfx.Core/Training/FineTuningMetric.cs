namespace Cfx.Core.Training;

/// <summary>One point of a training curve.</summary>
/// <param name="Step">The training step, 0 before the first.</param>
/// <param name="TrainLoss">Mean loss of the step's examples; null when not measured here.</param>
/// <param name="EvalLoss">Mean loss on the validation file; null when not measured here.</param>
public sealed record FineTuningMetric(int Step, double? TrainLoss, double? EvalLoss);
