using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting;

/// <summary>Objects of files that others wrote, in a form that can be asked for any field: a name given twice counts as it was said last, and half
/// a surrogate pair in a name is U+FFFD. The library's own objects throw at the first look instead.</summary>
internal static class ForeignJson
{
    /// <param name="element">An object.</param>
    /// <param name="repairsTexts">Whether half surrogate pairs in texts become U+FFFD too; else a text stays exactly as the file holds it.</param>
    public static JsonObject Object(JsonElement element, bool repairsTexts) => (JsonObject)Node(element.Clone(), repairsTexts)!;

    /// <summary>A copy in which half surrogate pairs in texts are U+FFFD.</summary>
    /// <param name="node">Of <see cref="Object"/>.</param>
    public static JsonNode? Repaired(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.Select(p => KeyValuePair.Create(p.Key, Repaired(p.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Repaired)]),
        JsonValue value when value.TryGetValue<JsonElement>(out var element) => Node(element, repairsTexts: true),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Node(JsonElement element, bool repairsTexts)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var json = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    json[Name(property)] = Node(property.Value, repairsTexts);
                }

                return json;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(e => Node(e, repairsTexts))]);
            case JsonValueKind.Null:
                return null;
            default:
                return repairsTexts && element.ValueKind == JsonValueKind.String && !IsWhole(element)
                    ? JsonValue.Create(Repaired(element.GetRawText()))
                    : JsonValue.Create(element);
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // The name is what the property's text begins with, up to the quote that no backslash precedes.
            var text = property.ToString();
            var end = 1;
            while (text[end] != '"')
            {
                end += text[end] == '\\' ? 2 : 1;
            }

            return Repaired(text[..(end + 1)]);
        }
    }

    private static bool IsWhole(JsonElement text)
    {
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Repaired(string raw)
    {
        using var document = JsonDocument.Parse(Conversations.JsonTextRepair.Repair(System.Text.Encoding.UTF8.GetBytes(raw)).ToArray());
        return document.RootElement.GetString()!;
    }
}
