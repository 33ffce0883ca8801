using Cfx.Core.Generation;

namespace Cfx.Core.Auditing;

/// <summary>What a study's audits are made of.</summary>
/// <param name="ProcessedPath">The rewrites of disliked answers.</param>
/// <param name="ItemsPath">The items, liked answers among them.</param>
/// <param name="AlternativePrompts">By which other answers are asked for.</param>
/// <param name="Generator">Who writes them, as it writes the study's improved answers, and how it is asked.</param>
/// <param name="GeneratorProvider">Who serves that model.</param>
public sealed record AuditSource(
    string ProcessedPath, string ItemsPath, IReadOnlyList<PromptTemplate> AlternativePrompts, GenerationSettings Generator, string GeneratorProvider);
