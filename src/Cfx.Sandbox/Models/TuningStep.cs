namespace Cfx.Sandbox.Models;

/// <summary>What one step of tuning did.</summary>
/// <param name="Step">1 for the first.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Epoch">1 for the first.</param>
/// <param name="Loss">Mean cross-entropy, in nats, of telling each answer of the batch from the others, before the step.</param>
/// <param name="ValidationLoss">The same over the validation examples after the step; null when not measured here.</param>
public sealed record TuningStep(int Step, int TotalSteps, int Epoch, double Loss, double? ValidationLoss);
