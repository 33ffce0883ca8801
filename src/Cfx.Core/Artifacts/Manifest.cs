using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Artifacts;

/// <summary>What is written beside an artifact: how it was made, from what, and what it cost.</summary>
public sealed record Manifest(
    string Stage,
    int RecipeVersion,
    string Fingerprint,
    string Provider,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<ManifestFile> Inputs,
    IReadOnlyList<ManifestFile> Outputs,
    string ToolVersion,
    DateTimeOffset FinishedAt,
    TimeSpan Duration,
    StageCost Cost)
{
    /// <summary>The version of the file's format.</summary>
    public const int FormatVersion = 1;

    /// <summary>Whether it comes from the sandbox's models, if only through what it was made from.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>The hash of the split that the study had then; null outside a study, before the split, and in manifests of earlier versions.</summary>
    public string? SplitHash { get; init; }

    /// <summary>Whether making it cost money.</summary>
    public bool IsPaid => Provider.Length > 0 && !IsSandbox;

    /// <summary>Where the manifest of an artifact stands.</summary>
    public static string PathFor(string artifact) => artifact + ".manifest.json";

    /// <summary>Reads the manifest of an artifact; null when there is none or it cannot be understood (then the artifact counts as not
    /// made).</summary>
    public static async Task<Manifest?> TryReadAsync(string artifact, CancellationToken cancellationToken)
    {
        var path = PathFor(artifact);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var json = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject;
            return json is null || (int?)json["manifest_version"] != FormatVersion ? null : FromJson(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentNullException)
        {
            return null;
        }
    }

    /// <summary>Writes the manifest of an artifact.</summary>
    public Task WriteAsync(string artifact, CancellationToken cancellationToken) =>
        AtomicFile.WriteBytesAsync(PathFor(artifact), JsonText.Indented(ToJson()), cancellationToken);

    private JsonObject ToJson()
    {
        var json = Fields();
        if (SplitHash is not null)
        {
            json.Insert(json.IndexOf("parameters"), "split_hash", SplitHash);
        }

        return json;
    }

    private JsonObject Fields() => new()
    {
        ["manifest_version"] = FormatVersion,
        ["stage"] = Stage,
        ["recipe_version"] = RecipeVersion,
        ["fingerprint"] = Fingerprint,
        ["provider"] = Provider,
        ["sandbox"] = IsSandbox,
        ["parameters"] = new JsonObject(Parameters.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value)))),
        ["inputs"] = new JsonArray([.. Inputs.Select(f => f.ToJson())]),
        ["outputs"] = new JsonArray([.. Outputs.Select(f => f.ToJson())]),
        ["tool_version"] = ToolVersion,
        ["finished_at"] = Timestamps.Format(FinishedAt),
        ["duration_seconds"] = Math.Round(Duration.TotalSeconds, 3),
        ["prompt_tokens"] = Cost.PromptTokens,
        ["completion_tokens"] = Cost.CompletionTokens,
        ["cost_usd"] = Cost.Usd,
    };

    private static Manifest FromJson(JsonObject json) => new(
        (string)json["stage"]!,
        (int)json["recipe_version"]!,
        (string)json["fingerprint"]!,
        (string)json["provider"]!,
        json["parameters"]!.AsObject().ToDictionary(p => p.Key, p => (string)p.Value!, StringComparer.Ordinal),
        [.. json["inputs"]!.AsArray().Select(f => ManifestFile.FromJson(f!.AsObject()))],
        [.. json["outputs"]!.AsArray().Select(f => ManifestFile.FromJson(f!.AsObject()))],
        (string)json["tool_version"]!,
        DateTimeOffset.Parse((string)json["finished_at"]!, CultureInfo.InvariantCulture),
        TimeSpan.FromSeconds((double)json["duration_seconds"]!),
        new StageCost((long?)json["prompt_tokens"], (long?)json["completion_tokens"], (decimal?)json["cost_usd"]))
    {
        IsSandbox = (bool)json["sandbox"]!,
        SplitHash = (string?)json["split_hash"],
    };
}
