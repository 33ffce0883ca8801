using Cfx.Core.Redaction;

namespace Cfx.Core.Conversations;

/// <summary>What the filter reads and writes.</summary>
/// <param name="Inputs">JSON arrays or JSONL files of conversations, one or more.</param>
/// <param name="Output">Where the kept records go (JSONL).</param>
/// <param name="Rejected">Where the unusable ones go, with reasons (JSONL).</param>
/// <param name="Summary">Where the counts go (JSON).</param>
public sealed record FilterOptions(IReadOnlyList<string> Inputs, string Output, string Rejected, string Summary)
{
    /// <summary>Taken out of every record, the unusable ones too.</summary>
    public Redactor Redactor { get; init; } = Redactor.None;

    /// <summary>The files of a study's folder: filtered.jsonl, filtered.rejected.jsonl, filter.json.</summary>
    public static FilterOptions ForFolder(IReadOnlyList<string> inputs, string folder) => new(
        inputs,
        Path.Combine(folder, "filtered.jsonl"),
        Path.Combine(folder, "filtered.rejected.jsonl"),
        Path.Combine(folder, "filter.json"));
}
