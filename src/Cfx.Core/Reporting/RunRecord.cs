using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Reporting;

/// <summary>How a study's artifacts were made, from their manifests: what changes from run to run although the figures do not.</summary>
public static class RunRecord
{
    private static readonly string[] Order = ["Filter", "Split", "Process", "Prepare", "FineTune", "Respond", "Evaluate"];

    /// <summary>Reads the manifests below some folders.</summary>
    /// <param name="root">What artifacts are named relative to.</param>
    /// <param name="folders">Those that are not there are passed over.</param>
    /// <param name="toolVersion">Of the program that analyses.</param>
    /// <param name="commit">Of the sources; null when not known.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<JsonObject> CollectAsync(
        string root, IReadOnlyList<string> folders, string toolVersion, string? commit, CancellationToken cancellationToken)
    {
        var ending = Manifest.PathFor(string.Empty);
        var found = new List<(string Artifact, Manifest Manifest)>();
        foreach (var path in folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*" + ending, SearchOption.AllDirectories)))
        {
            // Analysing again changes nothing of what was analysed.
            if (await Manifest.TryReadAsync(path[..^ending.Length], cancellationToken) is { Stage: not "Analyze" } manifest)
            {
                found.Add((Path.GetRelativePath(root, path[..^ending.Length]).Replace('\\', '/'), manifest));
            }
        }

        found = [.. found.OrderBy(f => Rank(f.Manifest.Stage)).ThenBy(f => f.Artifact, StringComparer.Ordinal)];
        return new JsonObject
        {
            ["tool_version"] = toolVersion,
            ["git_commit"] = commit,
            ["stages"] = new JsonArray([.. found.Select(f => Stage(f.Artifact, f.Manifest))]),
            ["totals"] = new JsonObject
            {
                ["prompt_tokens"] = found.Sum(f => f.Manifest.Cost.PromptTokens ?? 0),
                ["completion_tokens"] = found.Sum(f => f.Manifest.Cost.CompletionTokens ?? 0),
                // Not known to be complete where one is not known.
                ["cost_usd"] = found.All(f => f.Manifest.Cost.Usd is not null) ? found.Sum(f => f.Manifest.Cost.Usd ?? 0) : null,
                ["duration_seconds"] = Math.Round(found.Sum(f => f.Manifest.Duration.TotalSeconds), 3),
            },
            ["prompts"] = Hashes(found.SelectMany(f => f.Manifest.Inputs).Where(IsPrompt)),
            ["data"] = Hashes(Given([.. found.Select(f => f.Manifest)])),
        };
    }

    // What stages read and no stage made.
    private static IEnumerable<ManifestFile> Given(List<Manifest> manifests)
    {
        var made = manifests.SelectMany(m => m.Outputs).Select(o => o.Path).ToHashSet(StringComparer.Ordinal);
        return manifests.SelectMany(m => m.Inputs).Where(i => !IsPrompt(i) && !made.Contains(i.Path));
    }

    private static bool IsPrompt(ManifestFile file) => file.Path.EndsWith(".txt", StringComparison.Ordinal);

    private static JsonObject Stage(string artifact, Manifest manifest) => new()
    {
        ["stage"] = manifest.Stage,
        ["artifact"] = artifact,
        ["provider"] = manifest.Provider,
        ["recipe_version"] = manifest.RecipeVersion,
        ["fingerprint"] = manifest.Fingerprint,
        ["tool_version"] = manifest.ToolVersion,
        ["finished_at"] = Timestamps.Format(manifest.FinishedAt),
        ["duration_seconds"] = Math.Round(manifest.Duration.TotalSeconds, 3),
        ["prompt_tokens"] = manifest.Cost.PromptTokens,
        ["completion_tokens"] = manifest.Cost.CompletionTokens,
        ["cost_usd"] = manifest.Cost.Usd,
        ["parameters"] = new JsonObject(manifest.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value)))),
    };

    private static JsonObject Hashes(IEnumerable<ManifestFile> files) => new(files
        .DistinctBy(i => i.Path, StringComparer.Ordinal)
        .OrderBy(i => i.Path, StringComparer.Ordinal)
        .Select(i => KeyValuePair.Create(i.Path, (JsonNode?)JsonValue.Create(i.Content.Sha256))));

    private static int Rank(string stage)
    {
        var rank = Array.FindIndex(Order, o => stage.StartsWith(o, StringComparison.Ordinal));
        return rank < 0 ? Order.Length : rank;
    }
}
