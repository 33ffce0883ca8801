namespace Cfx.Sandbox.Models;

/// <summary>A question with a good answer, from which the base models are made.</summary>
/// <param name="Subject">What it is about, for instance "Sourdough baking".</param>
/// <param name="Prompt">The question.</param>
/// <param name="Answer">The answer.</param>
public sealed record CorpusPair(string Subject, string Prompt, string Answer);
