using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Cfx.Together;

/// <summary>Reads a list in either of the API's envelopes: a bare array, or an object with "data".</summary>
internal static class WireList
{
    /// <returns>What the body lacks to be a list, or null.</returns>
    public static string? Malformed(JsonElement body) => Array(body) is null ? "it is not a list" : null;

    /// <summary>For a list in which something is looked for before another of it would be made: an element that cannot be read may be the one, so the
    /// list says nothing.</summary>
    /// <param name="type">The elements' form.</param>
    /// <param name="lack">What an element lacks to be told apart, such as "has no id"; null when nothing.</param>
    /// <param name="concerns">Which elements can be the one that is looked for, by their text; null for all.</param>
    /// <returns>What a body lacks to be such a list, or null.</returns>
    public static Func<JsonElement, string?> Whole<T>(JsonTypeInfo<T> type, Func<T, string?> lack, Func<string, bool>? concerns = null)
        where T : class => body =>
    {
        if (Malformed(body) is { } malformed)
        {
            return malformed;
        }

        var number = 0;
        foreach (var element in Array(body)!.Value.EnumerateArray())
        {
            number++;
            var fault = TryRead(element, type) is { } item ? lack(item) : "cannot be read";
            if (fault is not null && concerns?.Invoke(element.GetRawText()) is not false)
            {
                return FormattableString.Invariant($"its element {number} {fault}");
            }
        }

        return null;
    };

    /// <summary>For a list that is only shown: what cannot be read is passed over with a warning.</summary>
    public static IReadOnlyList<T> Readable<T>(JsonElement body, JsonTypeInfo<T> type, Func<T, string?> lack, string what, ILogger logger)
        where T : class
    {
        var all = Array(body)!.Value;
        List<T> read = [.. Read(body, type).Where(item => lack(item) is null)];
        if (all.GetArrayLength() - read.Count is > 0 and var lost)
        {
            logger.LogWarning("{What}: {Count} of {All} cannot be read and are left out", what, lost, all.GetArrayLength());
        }

        return read;
    }

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
