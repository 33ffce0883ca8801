namespace Cfx.Sandbox.Files;

/// <param name="Error">The first fault found, with its line; null when the file is valid.</param>
/// <param name="Format">conversation, instruction, general or preference_openai; null when no line told.</param>
/// <param name="Lines">Lines read.</param>
/// <param name="HasWeights">Whether any message carries a weight.</param>
internal sealed record FileCheck(string? Error, string? Format, int Lines, bool HasWeights);
