using System.Text.Json.Nodes;

namespace Cfx.Core.Auditing;

/// <summary>What a study is now, for holding an audit against it.</summary>
/// <param name="Evaluations">The metadata of the study's evaluation files.</param>
/// <param name="Source">What its audits are made of; null when not told.</param>
public sealed record AuditedStudy(IReadOnlyList<JsonObject> Evaluations, AuditSource? Source);
