using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Cfx.Together;

/// <summary>Reads a list in either of the API's envelopes: a bare array, or an object with "data".</summary>
internal static class WireList
{
    /// <returns>What the body lacks to be a list, or null.</returns>
    public static string? Malformed(JsonElement body) => Array(body) is null ? "it is not a list" : null;

    /// <returns>The elements that have the type's form; others are passed over.</returns>
    public static IEnumerable<T> Read<T>(JsonElement body, JsonTypeInfo<T> type)
        where T : class
    {
        foreach (var element in Array(body)!.Value.EnumerateArray())
        {
            if (TryRead(element, type) is { } item)
            {
                yield return item;
            }
        }
    }

    private static JsonElement? Array(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Array => body,
        JsonValueKind.Object when body.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array => data,
        _ => null,
    };

    private static T? TryRead<T>(JsonElement element, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return element.Deserialize(type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
