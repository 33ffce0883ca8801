using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Reporting.Verification;

namespace Cfx.Core.Auditing;

/// <summary>An audit as a report shows it: its figures, and whether they are the study's as it is now.</summary>
/// <param name="Json">audit.json.</param>
/// <param name="Differences">Sentences on what was otherwise when the audit was made; none when it is the study's.</param>
/// <param name="NotAudited">The study's further judges, which nobody held against users.</param>
public sealed record AuditFindings(JsonObject Json, IReadOnlyList<string> Differences, IReadOnlyList<string> NotAudited)
{
    private static readonly string[] Shown =
        ["provider", "judge", "generator", "seed", "size", "last_reply_at", "reading", "negative", "positive", "unusable_alternatives", "agreement", "order", "repeat", "warnings"];

    /// <summary>What the judge was, as it was asked.</summary>
    public string Judge => Name(Json["judge"]);

    /// <summary>What the figures mean, in a sentence.</summary>
    public string Reading => RecordFields.Text(Json, "reading") ?? string.Empty;

    /// <summary>The audit's own warnings.</summary>
    public IEnumerable<string> Warnings => (Json["warnings"] as JsonArray ?? []).OfType<JsonValue>().Select(w => w.ToString());

    /// <summary>Reads the file and compares it with the study.</summary>
    /// <param name="path">audit.json.</param>
    /// <param name="study">What it is held against.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    /// <returns>Null where there is no such file: nobody made an audit.</returns>
    /// <exception cref="MisuseException">It is not such a file.</exception>
    public static async Task<AuditFindings?> LoadAsync(string path, AuditedStudy study, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        JsonObject? json;
        try
        {
            json = JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonObject;
        }
        catch (JsonException e)
        {
            throw Broken(path, e);
        }

        if (json is not { } audit || audit["agreement"] is not JsonObject || audit["negative"] is not JsonObject || audit["positive"] is not JsonObject || audit["judge"] is not JsonObject)
        {
            throw Broken(path, null);
        }

        var differences = Settings(audit, study).ToList();
        if (audit["inputs"] is not JsonObject inputs)
        {
            differences.Add("It does not tell of what data it was made.");
        }
        else if (study.Source is { } source
            && !JsonNode.DeepEquals(inputs, await InputsAsync(source.ProcessedPath, source.ItemsPath, source.AlternativePrompts, cancellationToken)))
        {
            differences.Add("The study's rewrites, items or prompt for other answers have changed since.");
        }

        return new AuditFindings(audit, differences, [.. study.Evaluations.SelectMany(m => Judges(m).Skip(1)).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>As analysis.json has it: all but the single pairs, and whether it is the study's.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["matches_study"] = Differences.Count == 0,
            ["differences"] = new JsonArray([.. Differences.Select(d => (JsonNode)d)]),
            ["judges_not_audited"] = new JsonArray([.. NotAudited.Select(j => (JsonNode)j)]),
        };
        foreach (var name in Shown)
        {
            json[name] = Json[name]?.DeepClone();
        }

        return json;
    }

    /// <summary>What an audit is made from, by content.</summary>
    /// <param name="processedPath">The rewrites of disliked answers.</param>
    /// <param name="itemsPath">Liked answers among them.</param>
    /// <param name="alternativePrompts">By which other answers are asked for.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    internal static async Task<JsonObject> InputsAsync(
        string processedPath, string itemsPath, IReadOnlyList<PromptTemplate> alternativePrompts, CancellationToken cancellationToken)
    {
        return new JsonObject
        {
            ["rewrites_sha256"] = (await ContentHash.OfFileAsync(processedPath, cancellationToken))?.Sha256,
            ["items_sha256"] = (await ContentHash.OfFileAsync(itemsPath, cancellationToken))?.Sha256,
            ["alternative_prompts_sha256"] = new JsonArray([.. alternativePrompts.Select(p => (JsonNode)p.ContentHash)]),
        };
    }

    private static IEnumerable<string> Settings(JsonObject audit, AuditedStudy study)
    {
        var judge = Name(audit["judge"]);
        foreach (var now in study.Evaluations.Select(m => Judges(m).FirstOrDefault()).OfType<string>().Distinct(StringComparer.Ordinal).Where(j => j != judge))
        {
            yield return $"It held the judge {judge} against the users, and the study's judge is {now}.";
        }

        if (study.Evaluations.Any(m => Differ(audit["judge"], m["judge"], "temperature") || Differ(audit["judge"], m["judge"], "max_tokens")))
        {
            yield return "It asked the judge with another temperature or longest reply than the study.";
        }

        if (study.Evaluations.Any(m => m["prompts"] is not null && !JsonNode.DeepEquals(m["prompts"], audit["prompts"])))
        {
            yield return "It asked the judge with other prompts than the study.";
        }

        if (study.Evaluations.Select(m => RecordFields.Text(m, "provider")).FirstOrDefault(p => p is not null && p != RecordFields.Text(audit, "provider")) is { } provider)
        {
            yield return $"Its judge was served by {RecordFields.Text(audit, "provider") ?? "an unknown provider"}, and the study's by {provider}.";
        }

        if (study.Source is not { Generator: { } generator } source)
        {
            yield break;
        }

        var writer = Name(audit["generator"]);
        if (writer != generator.Model)
        {
            yield return $"It asked {writer} for the other answers, and the study's generator is {generator.Model}.";
        }

        if (RecordFields.Text(audit["generator"] as JsonObject ?? [], "provider") is { } then && then != source.GeneratorProvider)
        {
            yield return $"The model that wrote the other answers was served by {then}, and the study's by {source.GeneratorProvider}.";
        }

        if (IsOther("temperature", generator.Temperature) || IsOther("top_p", generator.TopP) || IsOther("max_tokens", generator.MaxTokens))
        {
            yield return "It asked for the other answers with another sampling than the study's.";
        }

        bool IsOther(string name, double value) =>
            audit["generator"]?[name] is { } told && !JsonFiguresComparison.AreSame(told, JsonValue.Create(value)) && !JsonFiguresComparison.AreSame(told, JsonValue.Create((long)value));
    }

    private static bool Differ(JsonNode? audit, JsonNode? evaluation, string name) =>
        evaluation is JsonObject of && of[name] is { } value && !JsonFiguresComparison.AreSame(value, (audit as JsonObject)?[name]);

    // Of several judges the first is the one that Audit asks.
    private static IEnumerable<string> Judges(JsonObject metadata) => metadata["judges"] is JsonArray { Count: > 0 } several
        ? several.Select(Name)
        : metadata["judge"] is JsonObject ? [Name(metadata["judge"])] : [];

    private static string Name(JsonNode? model) => (model is JsonObject named ? RecordFields.Text(named, "model") : null) ?? "?";

    private static MisuseException Broken(string path, Exception? cause) =>
        cause is null ? new($"{path}: not an audit; delete it or run Audit again.") : new($"{path}: not an audit; delete it or run Audit again.", cause);
}
