namespace Cfx.Core.Training;

/// <summary>One message of a training example.</summary>
/// <param name="Role">system, user or assistant.</param>
/// <param name="Content">The text; never empty.</param>
/// <param name="Weight">1 when the model learns to write this message, 0 when it only reads it.</param>
public sealed record TrainingMessage(string Role, string Content, int Weight);
