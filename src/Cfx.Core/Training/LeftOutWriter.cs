using System.Text;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Training;

/// <summary>Writes which items training leaves out, and counts why.</summary>
internal sealed class LeftOutWriter(Stream stream)
{
    private readonly SortedDictionary<string, SortedDictionary<string, int>> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Counts =>
        _counts.ToDictionary(m => m.Key, IReadOnlyDictionary<string, int> (m) => m.Value, StringComparer.Ordinal);

    public async Task AddAsync(string itemId, string method, string side, string reason, string? detail, CancellationToken cancellationToken)
    {
        if (!_counts.TryGetValue(method, out var reasons))
        {
            _counts[method] = reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        }

        reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        var line = new JsonObject { ["item_id"] = itemId, ["method"] = method, ["side"] = side, ["reason"] = reason };
        if (detail is not null)
        {
            line["detail"] = detail;
        }

        await stream.WriteAsync(JsonText.Line(line), cancellationToken);
    }

    /// <summary>The counts in words: "feedback: 3 declined, 1 failed; alternative: 2 cut_off".</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var (method, reasons) in _counts)
        {
            text.Append(text.Length == 0 ? "" : "; ").Append(method).Append(": ")
                .AppendJoin(", ", reasons.Select(r => $"{r.Value} {r.Key}"));
        }

        return text.Length == 0 ? "none" : text.ToString();
    }
}
