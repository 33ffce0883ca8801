namespace Cfx.Sandbox.Jobs;

/// <param name="IsEvaluation">Whether the loss is of the validation examples.</param>
/// <param name="LearningRate">The step size; null for an evaluation.</param>
/// <param name="Epoch">Epochs done at that step, fractions included.</param>
internal sealed record JobMetric(DateTimeOffset LoggedAt, int Step, bool IsEvaluation, double Loss, double? LearningRate, double Epoch);
