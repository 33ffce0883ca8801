using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting;

/// <summary>The counts of one stage before the comparison.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Counts">Its file as it is.</param>
public sealed record FlowCounts(string Stage, JsonObject Counts)
{
    /// <summary>Reads those files that are there.</summary>
    /// <exception cref="MisuseException">A file is not a JSON object; names it.</exception>
    public static async Task<IReadOnlyList<FlowCounts>> LoadAsync(
        IReadOnlyList<(string Stage, string Path)> paths, CancellationToken cancellationToken)
    {
        var flow = new List<FlowCounts>();
        foreach (var (stage, path) in paths)
        {
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                await using var stream = File.OpenRead(path);
                flow.Add(new FlowCounts(stage, await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken) as JsonObject
                    ?? throw new MisuseException($"{path}: not a JSON object; run {stage} again.")));
            }
            catch (JsonException e)
            {
                throw new MisuseException($"{path}: not JSON ({e.Message.Split('\n')[0]}); run {stage} again.", e);
            }
        }

        return flow;
    }

    /// <summary>Every whole number in the file with the names that lead to it, as words: ("left out: no feedback", 12).</summary>
    public IReadOnlyList<(string Name, long Count)> Lines()
    {
        var lines = new List<(string, long)>();
        Collect(Counts, "", lines);
        return lines;
    }

    private static void Collect(JsonObject node, string prefix, List<(string, long)> lines)
    {
        foreach (var (name, value) in node)
        {
            // Settings that are written along with the counts are no counts.
            if (name is "seed" or "schema_version" or "version" or "test_share" or "train_split" or "max_context_turns")
            {
                continue;
            }

            var words = (prefix.Length == 0 ? "" : prefix + ": ") + name.Replace('_', ' ');
            if (value is JsonObject inner)
            {
                Collect(inner, words, lines);
            }
            else if (value is JsonValue number && number.TryGetValue<long>(out var count))
            {
                lines.Add((words, count));
            }
        }
    }
}
