using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Paid;

/// <summary>What a study has made, as far as two runs must agree that were made at other times, at another port, and paid other prices.</summary>
internal static partial class Artifacts
{
    private static readonly string[] Changing = ["created_at", "asked_at", "submitted_at", "finished_at", "answered_at", "last_reply_at", "made_at", "improvement_timestamp", "events", "seconds", "duration_seconds"];

    /// <summary>The content of each file without times and addresses, by path. Manifests and the plan, which are about times and money, are left out, and
    /// so are the reports, which show the analysis with the times of its manifests.</summary>
    public static SortedDictionary<string, string> Of(Checkout checkout, string study)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in new[] { "data", "models", "results" }.Select(f => checkout[$"{f}/{study}"]))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !IsAboutTheRun(f)))
            {
                files[Path.GetRelativePath(checkout.Root, file)] = Port().Replace(Path.GetFileName(file) == "analysis.json" ? Analysis.Of(checkout, study) : Content(file), "PORT");
            }
        }

        return files;
    }

    /// <summary>The files that are not alike, or that only one study has.</summary>
    public static IEnumerable<string> Differences(SortedDictionary<string, string> one, SortedDictionary<string, string> other) =>
        one.Keys.Union(other.Keys, StringComparer.Ordinal).Where(path => one.GetValueOrDefault(path) != other.GetValueOrDefault(path));

    private static bool IsAboutTheRun(string file) =>
        file.EndsWith(".manifest.json", StringComparison.Ordinal) || file.EndsWith(".records.jsonl", StringComparison.Ordinal) || Path.GetFileName(file) is "plan.json" or "report.html" or "report.md";

    private static string Content(string file) => Path.GetExtension(file) switch
    {
        ".json" => WithoutTimes(JsonNode.Parse(File.ReadAllText(file)))!.ToJsonString(),
        ".jsonl" => string.Join('\n', File.ReadLines(file).Select(l => WithoutTimes(JsonNode.Parse(l))!.ToJsonString())),
        _ => File.ReadAllText(file),
    };

    private static JsonNode? WithoutTimes(JsonNode? node)
    {
        if (node is JsonObject o)
        {
            Changing.ToList().ForEach(name => o.Remove(name));
            o.ToList().ForEach(p => WithoutTimes(p.Value));
        }
        else if (node is JsonArray a)
        {
            a.ToList().ForEach(n => WithoutTimes(n));
        }

        return node;
    }

    [GeneratedRegex("127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Port();
}
