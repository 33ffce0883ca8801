using System.Text.Json.Nodes;
using Cfx.Core.Generation;

namespace Cfx.Core.Auditing;

/// <summary>What a study is now, for holding an audit against it.</summary>
/// <param name="Evaluations">The metadata of the study's evaluation files.</param>
/// <param name="Generator">Who wrote the study's improved answers, and how it was asked; null when not told.</param>
/// <param name="ProcessedPath">The rewrites of disliked answers.</param>
/// <param name="ItemsPath">The items, liked answers among them.</param>
public sealed record AuditedStudy(IReadOnlyList<JsonObject> Evaluations, GenerationSettings? Generator, string ProcessedPath, string ItemsPath);
