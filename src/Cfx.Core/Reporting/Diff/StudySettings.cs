using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;

namespace Cfx.Core.Reporting.Diff;

/// <summary>How a study was made, as its results folder tells: what the analysis recorded of each stage, and the manifests of what was made since.</summary>
internal sealed class StudySettings
{
    private const string Study = "study";
    private const string Fingerprint = "fingerprint";

    // In the order in which the stages follow each other.
    private readonly OrderedDictionary<string, Dictionary<string, string>> _artifacts = [];
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _data = new(StringComparer.Ordinal);
    private bool _hasStages;
    private bool _hasData;

    /// <summary>Reads analysis.json's record, then manifests of the folder that it does not tell of, such as the analysis's own.</summary>
    public static async Task<StudySettings> ReadAsync(string folder, JsonObject analysis, CancellationToken cancellationToken)
    {
        var settings = new StudySettings();
        var name = RecordFields.Text(analysis, Study) ?? string.Empty;
        if (analysis["run"] is JsonObject run)
        {
            foreach (var stage in (run["stages"] as JsonArray ?? []).OfType<JsonObject>())
            {
                settings._hasStages = true;
                settings._artifacts[WithoutStudy(RecordFields.Text(stage, "artifact") ?? "?", name)] = Of(stage);
            }

            foreach (var (path, hash) in run["prompts"] as JsonObject ?? [])
            {
                settings._contents[path] = hash?.ToString() ?? string.Empty;
            }

            settings._hasData = run["data"] is JsonObject;
            foreach (var (path, hash) in run["data"] as JsonObject ?? [])
            {
                settings._data[path] = hash?.ToString() ?? string.Empty;
            }
        }

        if (RecordFields.Text(analysis, "split_hash") is { } split)
        {
            settings._contents["split"] = split;
        }

        var ending = Manifest.PathFor(string.Empty);
        foreach (var path in Directory.EnumerateFiles(folder, "*" + ending, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var artifact = Path.GetRelativePath(folder, path[..^ending.Length]).Replace('\\', '/');
            if (!settings._artifacts.ContainsKey(artifact) && await Manifest.TryReadAsync(Path.Combine(folder, artifact), cancellationToken) is { } manifest)
            {
                settings._artifacts[artifact] = Of(manifest);
            }
        }

        return settings;
    }

    /// <summary>What differs, in the order of the stages; contents of data, prompts and the split last.</summary>
    public IEnumerable<ParameterDifference> Against(StudySettings after)
    {
        var found = new List<ParameterDifference>();
        foreach (var artifact in _artifacts.Keys.Union(after._artifacts.Keys, StringComparer.Ordinal))
        {
            var (old, now) = (_artifacts.GetValueOrDefault(artifact), after._artifacts.GetValueOrDefault(artifact));
            if (old is null || now is null)
            {
                // Where one does not tell its stages at all, each would be missing in it.
                if (_hasStages && after._hasStages)
                {
                    found.Add(new ParameterDifference(artifact, "stage", old?.GetValueOrDefault("stage"), now?.GetValueOrDefault("stage")));
                }

                continue;
            }

            var differing = old.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(n => n is not (Fingerprint or Study) && old.GetValueOrDefault(n) != now.GetValueOrDefault(n))
                .Select(n => new ParameterDifference(artifact, n, old.GetValueOrDefault(n), now.GetValueOrDefault(n))).ToList();

            // The first that was made from something else; what follows from it differs, too, and says no more.
            if (differing.Count == 0 && found.Count == 0
                && old.GetValueOrDefault(Fingerprint) is { } made && now.GetValueOrDefault(Fingerprint) is { } anew && made != anew)
            {
                differing.Add(new ParameterDifference(artifact, Fingerprint, made, anew));
            }

            found.AddRange(differing);
        }

        if (_hasStages != after._hasStages)
        {
            found.Add(new ParameterDifference("analysis.json", "stages", _hasStages ? "told" : null, after._hasStages ? "told" : null));
        }

        // An analysis of an earlier version does not tell the data that no stage made.
        return [.. found, .. _hasData && after._hasData ? Contents(_data, after._data) : [], .. Contents(_contents, after._contents)];
    }

    private static IEnumerable<ParameterDifference> Contents(Dictionary<string, string> before, Dictionary<string, string> after) =>
        before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(c => before.GetValueOrDefault(c) != after.GetValueOrDefault(c))
            .Select(c => new ParameterDifference(c, "sha256", before.GetValueOrDefault(c), after.GetValueOrDefault(c)));

    private static Dictionary<string, string> Of(JsonObject stage)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in stage["parameters"] as JsonObject ?? [])
        {
            settings[name] = value?.ToString() ?? string.Empty;
        }

        foreach (var (name, field) in new[] { ("provider", "provider"), ("recipe", "recipe_version"), ("stage", "stage"), (Fingerprint, Fingerprint) })
        {
            if (RecordFields.Text(stage, field) is { } text)
            {
                settings[name] = text;
            }
        }

        return settings;
    }

    // Of a manifest that the analysis does not tell of, no order of stages is known, so what it was made from is not compared.
    private static Dictionary<string, string> Of(Manifest manifest) => new(manifest.Parameters, StringComparer.Ordinal)
    {
        ["provider"] = manifest.Provider,
        ["recipe"] = manifest.RecipeVersion.ToString(CultureInfo.InvariantCulture),
        ["stage"] = manifest.Stage,
    };

    // "results/NAME/evaluations/x.json" is "evaluations/x.json" in every study, "data/NAME/filtered.jsonl" is "data/filtered.jsonl".
    private static string WithoutStudy(string artifact, string study)
    {
        var parts = artifact.Split('/', 3);
        return parts.Length != 3 || parts[1] != study ? artifact
            : parts[0] == "results" ? parts[2]
            : $"{parts[0]}/{parts[2]}";
    }
}
