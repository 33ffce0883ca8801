namespace Cfx.Sandbox.Models;

/// <summary>Two answers to one question, of which people like the first better: what the judge learns from.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Prompt">The question.</param>
/// <param name="Better">The answer that is liked.</param>
/// <param name="Worse">The answer that is not.</param>
public sealed record CorpusPreference(string Subject, string Prompt, string Better, string Worse);
