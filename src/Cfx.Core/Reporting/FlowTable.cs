using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Reporting;

/// <summary>What became of the records, from the first read to the last pair.</summary>
/// <param name="Rows">Stage, what, and how many, from the top down.</param>
public sealed record FlowTable(IReadOnlyList<(string Stage, string What, long Count)> Rows)
{
    /// <summary>What becomes of an item in a method, in the order of the report.</summary>
    private static readonly string[] Statuses = ["improved", "kept", "declined", "failed", "cut_off", "empty", "refused"];

    /// <param name="flow">The counts of Filter, Split and Prepare, as far as they are there.</param>
    /// <param name="processedPaths">Each method's conversations; one that is not there is passed over.</param>
    /// <param name="comparisons">The study's.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<FlowTable> BuildAsync(
        IReadOnlyList<FlowCounts> flow,
        IReadOnlyList<(string Method, string Path)> processedPaths,
        IReadOnlyList<ComparisonResult> comparisons,
        CancellationToken cancellationToken)
    {
        var rows = new List<(string, string, long)>();
        if (Find(flow, "Filter") is { } filter)
        {
            Add(rows, "Filter", "read", filter["read"]);
            AddAll(rows, "Filter", "kept", filter["kept"] as JsonObject);
            AddAll(rows, "Filter", "left out by category", filter["left_out"] as JsonObject);
            Add(rows, "Filter", "duplicates", filter["duplicates"]);
            Add(rows, "Filter", "rejected", filter["rejected"]?["total"]);
        }

        if (Find(flow, "Split") is { } split)
        {
            foreach (var side in (string[])["train", "validation", "test"])
            {
                Add(rows, "Split", side, split["items"]?[side]);
            }

            Add(rows, "Split", "left out (would join two sides)", split["left_out"]);
        }

        foreach (var (method, path) in processedPaths.Where(p => File.Exists(p.Path)))
        {
            var counts = await CountAsync(path, cancellationToken);
            rows.AddRange(Statuses.Concat(counts.Keys.Except(Statuses, StringComparer.Ordinal).Order(StringComparer.Ordinal))
                .Where(s => counts.GetValueOrDefault(s) > 0 || s is "improved" or "declined" or "failed")
                .Select(s => ($"Process: {method}", s.Replace('_', ' '), counts.GetValueOrDefault(s))));
        }

        if (Find(flow, "Prepare") is { } prepare)
        {
            Add(rows, "Prepare", "left out of every arm", prepare["left_out_items"]);
            if (Used(prepare) is { } used)
            {
                rows.Add(("Prepare", "used in every arm that rewrites", used));
            }

            foreach (var (arm, counts) in prepare["arms"] as JsonObject ?? [])
            {
                Add(rows, $"Prepare: {arm}", "training", counts?["training"]);
                Add(rows, $"Prepare: {arm}", "validation", counts?["validation"]);
            }
        }

        foreach (var comparison in comparisons)
        {
            var stage = $"Evaluate: {comparison.Model1} vs {comparison.Model2}";
            rows.Add((stage, "test contexts", comparison.Statistics.Attempted));
            rows.Add((stage, "complete pairs", comparison.Statistics.N));
        }

        return new FlowTable(rows);
    }

    public JsonArray ToJson() =>
        new([.. Rows.Select(r => (JsonNode)new JsonObject { ["stage"] = r.Stage, ["what"] = r.What, ["count"] = r.Count })]);

    private static async Task<Dictionary<string, long>> CountAsync(string path, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var (_, record) in JsonLines.ReadAsync(path, cancellationToken))
        {
            var status = RecordFields.Text(record, "status") ?? "without status";
            counts[status] = counts.GetValueOrDefault(status) + 1;
        }

        return counts;
    }

    // What is on the training side and was in no way left out; null where a count is not told.
    private static long? Used(JsonObject prepare)
    {
        long? used = 0;
        foreach (var (name, sign) in ((string, int)[])[("train_items", 1), ("validation_items", 1), ("not_processed", -1), ("left_out_items", -1), ("above_maximum", -1)])
        {
            used += prepare[name] is JsonValue value && value.TryGetValue<long>(out var count) ? sign * count : null;
        }

        return used;
    }

    private static JsonObject? Find(IReadOnlyList<FlowCounts> flow, string stage) => flow.FirstOrDefault(f => f.Stage == stage)?.Counts;

    private static void AddAll(List<(string, string, long)> rows, string stage, string what, JsonObject? counts)
    {
        foreach (var (name, count) in counts ?? [])
        {
            Add(rows, stage, name == "total" ? what : $"{what}: {name}", count);
        }
    }

    private static void Add(List<(string, string, long)> rows, string stage, string what, JsonNode? count)
    {
        if (count is JsonValue value && value.TryGetValue<long>(out var number))
        {
            rows.Add((stage, what, number));
        }
    }
}
