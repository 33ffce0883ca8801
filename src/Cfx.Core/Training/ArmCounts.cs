namespace Cfx.Core.Training;

/// <summary>The size of one arm's training files.</summary>
/// <param name="Training">Examples to learn from.</param>
/// <param name="Validation">Examples to score.</param>
/// <param name="Positive">How many of both come from positive feedback, whose answer was kept.</param>
public sealed record ArmCounts(int Training, int Validation, int Positive);
