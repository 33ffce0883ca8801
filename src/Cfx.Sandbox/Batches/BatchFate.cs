using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Batches;

/// <summary>Which lines of a batch go wrong on purpose.</summary>
internal sealed class BatchFate
{
    private readonly HashSet<string> _chosen;
    private readonly FaultKind? _kind;

    public BatchFate(FaultKind? kind, int? amount, IReadOnlyList<BatchLine> lines)
    {
        _kind = kind;
        // A quarter of them, drawn by their names, so that no place in the file is favoured.
        var count = amount ?? Math.Max(1, lines.Count / 4);
        _chosen = kind is FaultKind.BatchLinesFail or FaultKind.BatchLinesMissing or FaultKind.BatchLinesTwice
            ? [.. lines.Select(line => line.CustomId).OrderBy(name => ContentId.Hex(16, "fate", name), StringComparer.Ordinal).Take(count)]
            : [];
    }

    public bool Fails(string customId) => _kind == FaultKind.BatchLinesFail && _chosen.Contains(customId);

    public bool Loses(string customId) => _kind == FaultKind.BatchLinesMissing && _chosen.Contains(customId);

    public bool Repeats(string customId) => _kind == FaultKind.BatchLinesTwice && _chosen.Contains(customId);
}
