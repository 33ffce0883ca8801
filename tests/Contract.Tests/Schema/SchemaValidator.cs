using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cfx.Contract.Tests.Schema;

/// <summary>Holds JSON against the schemas of an API description: JSON Schema's words as far as the description uses them, and OpenAPI 3.0's
/// <c>nullable</c>. A word that is not known here is an error and never passed over.</summary>
/// <param name="document">The whole description, in which references are looked up.</param>
internal sealed class SchemaValidator(JsonObject document)
{
    /// <returns>What is wrong, each with its place; empty for nothing.</returns>
    public IReadOnlyList<string> Validate(JsonNode? value, JsonNode schema)
    {
        var faults = new List<string>();
        Check(value, schema, "$", faults);
        return faults;
    }

    public bool IsValid(JsonNode? value, JsonNode schema) => Validate(value, schema).Count == 0;

    /// <summary>What a reference such as <c>#/components/schemas/FileResponse</c> names.</summary>
    public JsonObject Resolve(string reference)
    {
        JsonNode node = document;
        foreach (var name in reference.Split('/').Skip(1))
        {
            node = node[name] ?? throw new InvalidDataException($"The description has no '{reference}'.");
        }

        return (JsonObject)node;
    }

    /// <summary>Whether null is allowed: the schema, what it refers to, or any part of a composition says so.</summary>
    public bool AdmitsNull(JsonNode schema) => schema is JsonObject s && (
        s["nullable"]?.GetValue<bool>() is true
        || (s["enum"] is JsonArray words && words.Contains(null))
        || (s["$ref"] is { } reference && AdmitsNull(Resolve(reference.GetValue<string>())))
        || new[] { "allOf", "anyOf", "oneOf" }.Any(word => s[word] is JsonArray parts && parts.Any(part => AdmitsNull(part!))));

    private void Check(JsonNode? value, JsonNode schema, string at, List<string> faults)
    {
        if (schema is not JsonObject s)
        {
            if (!schema.GetValue<bool>())
            {
                faults.Add($"{at} must not be there");
            }

            return;
        }

        if (value is null && AdmitsNull(s))
        {
            return;
        }

        foreach (var (word, meaning) in s)
        {
            if (Fault(word, meaning, value, s, at, faults) is { } fault)
            {
                faults.Add($"{at} {fault}");
            }
        }
    }

    private string? Fault(string word, JsonNode? meaning, JsonNode? value, JsonObject schema, string at, List<string> faults)
    {
        switch (word)
        {
            case "$ref":
                Check(value, Resolve(meaning!.GetValue<string>()), at, faults);
                return null;
            case "type":
                return IsOfType(value, meaning!.GetValue<string>()) ? null : $"is not of type {meaning}: {Shown(value)}";
            case "enum":
                return meaning!.AsArray().Any(item => JsonNode.DeepEquals(item, value)) ? null : $"is none of {meaning.ToJsonString()}: {Shown(value)}";
            case "const":
                return JsonNode.DeepEquals(meaning, value) ? null : $"is not {Shown(meaning)}: {Shown(value)}";
            case "required":
                return value is JsonObject o && meaning!.AsArray().Where(name => !o.ContainsKey(name!.GetValue<string>())).ToList() is { Count: > 0 } lacking
                    ? $"lacks {string.Join(", ", lacking)}" : null;
            case "properties":
                foreach (var (name, part) in meaning!.AsObject().Where(p => value is JsonObject parent && parent.ContainsKey(p.Key)))
                {
                    Check(value![name], part!, $"{at}.{name}", faults);
                }

                return null;
            case "additionalProperties":
                var named = schema["properties"] as JsonObject;
                foreach (var (name, item) in (value as JsonObject ?? []).Where(p => named?.ContainsKey(p.Key) is not true))
                {
                    Check(item, meaning!, $"{at}.{name}", faults);
                }

                return null;
            case "items":
                foreach (var (item, index) in (value as JsonArray ?? []).Select((item, index) => (item, index)))
                {
                    Check(item, meaning!, string.Create(CultureInfo.InvariantCulture, $"{at}[{index}]"), faults);
                }

                return null;
            case "allOf":
                foreach (var part in meaning!.AsArray())
                {
                    Check(value, part!, at, faults);
                }

                return null;
            case "anyOf":
                return meaning!.AsArray().Any(part => IsValid(value, part!)) ? null : $"fits no alternative: {Reasons(value, meaning.AsArray())}";
            case "oneOf":
                var fitting = meaning!.AsArray().Count(part => IsValid(value, part!));
                return fitting == 1 ? null : string.Create(CultureInfo.InvariantCulture, $"fits {fitting} alternatives instead of 1: {Reasons(value, meaning.AsArray())}");
            case "minimum":
                return Number(value) < Number(meaning) ? $"is below {meaning}: {Shown(value)}" : null;
            case "maximum":
                return Number(value) > Number(meaning) ? $"is above {meaning}: {Shown(value)}" : null;
            case "minLength":
                return Text(value)?.Length < Number(meaning) ? $"is shorter than {meaning}: {Shown(value)}" : null;
            case "maxLength":
                return Text(value)?.Length > Number(meaning) ? $"is longer than {meaning}: {Shown(value)}" : null;
            case "minItems":
                return (value as JsonArray)?.Count < Number(meaning) ? $"has fewer than {meaning} items" : null;
            case "maxItems":
                return (value as JsonArray)?.Count > Number(meaning) ? $"has more than {meaning} items" : null;
            case "pattern":
                return Text(value) is { } matched && !Regex.IsMatch(matched, meaning!.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(5))
                    ? $"does not match {meaning}: {Shown(value)}" : null;
            case "format":
                return IsOfFormat(value, meaning!.GetValue<string>()) ? null : $"is not of format {meaning}: {Shown(value)}";
            case "nullable" or "description" or "title" or "default" or "example" or "examples" or "deprecated" or "discriminator":
                return null;
            default:
                return word.StartsWith("x-", StringComparison.Ordinal) ? null
                    : throw new NotSupportedException($"The schema at {at} uses '{word}', which the validator does not know.");
        }
    }

    private string Reasons(JsonNode? value, JsonArray parts) =>
        string.Join(" | ", parts.Select(part => string.Join("; ", Validate(value, part!))).Select(reason => reason.Length == 0 ? "fits" : reason));

    private static bool IsOfType(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Kind(value) == JsonValueKind.String,
        "boolean" => Kind(value) is JsonValueKind.True or JsonValueKind.False,
        "number" => Kind(value) == JsonValueKind.Number,

        // Stricter than JSON Schema, for which 1.0 is whole as well: not every reader thinks so.
        "integer" => Kind(value) == JsonValueKind.Number && value!.ToJsonString().IndexOfAny(['.', 'e', 'E']) < 0,
        "null" => value is null,
        _ => throw new NotSupportedException($"The type '{type}' is not known."),
    };

    private static bool IsOfFormat(JsonNode? value, string format) => format switch
    {
        "date-time" => Text(value) is not { } time
            || (time.Contains('T', StringComparison.Ordinal) && Regex.IsMatch(time, @"(Z|[+-]\d\d:\d\d)$", RegexOptions.None, TimeSpan.FromSeconds(5))
                && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out _)),
        "uuid" => Text(value) is not { } id || Guid.TryParseExact(id, "D", out _),
        "int32" => Number(value) is not { } small || Math.Abs(small) <= int.MaxValue,
        "int64" or "float" or "float64" or "double" or "binary" => true,
        _ => throw new NotSupportedException($"The format '{format}' is not known."),
    };

    private static JsonValueKind Kind(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    private static double? Number(JsonNode? value) =>
        Kind(value) == JsonValueKind.Number ? double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static string? Text(JsonNode? value) => Kind(value) == JsonValueKind.String ? value!.GetValue<string>() : null;

    private static string Shown(JsonNode? value) => value?.ToJsonString() is not { } text ? "null" : text.Length > 120 ? text[..120] + "…" : text;
}
