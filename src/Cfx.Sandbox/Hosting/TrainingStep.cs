namespace Cfx.Sandbox.Hosting;

/// <param name="Step">1 for the first of the whole training.</param>
/// <param name="Loss">The training loss of this step's batch.</param>
/// <param name="ValidationLoss">The loss over the validation examples; null at steps without an evaluation.</param>
internal sealed record TrainingStep(int Step, double Loss, double? ValidationLoss);
