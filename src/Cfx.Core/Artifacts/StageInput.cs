namespace Cfx.Core.Artifacts;

/// <summary>A file that a stage reads.</summary>
/// <param name="Path">Absolute, or relative to the study's root.</param>
/// <param name="Kind">How a change of it is explained.</param>
/// <param name="MadeBy">The target that makes it; null for a file of the user's.</param>
public sealed record StageInput(string Path, InputKind Kind, string? MadeBy = null);
