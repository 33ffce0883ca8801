using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Sandbox.Http;

/// <summary>Makes a reply's body wrong on purpose.</summary>
internal static class Spoiler
{
    /// <summary>The fields without which a reply says nothing.</summary>
    private static readonly HashSet<string> Essential = new(StringComparer.Ordinal)
    {
        "choices", "data", "id", "status", "job", "models", "metrics", "content_version", "estimated_total_price", "error",
    };

    /// <summary>The body as the fault leaves it; the same memory when it leaves it alone.</summary>
    public static ReadOnlyMemory<byte> Spoil(ReadOnlyMemory<byte> body, FaultKind? fault)
    {
        switch (fault)
        {
            case FaultKind.TruncatedBody:
                return body[..(body.Length / 2)];
            case FaultKind.MalformedBody when !body.IsEmpty:
                return Malformed(body);
            case FaultKind.WrongTypes when !body.IsEmpty:
                return Parse(body) is { } node ? Wire.Bytes(Twisted(node)!) : Malformed(body);
            case FaultKind.MissingFields when !body.IsEmpty:
                return Parse(body) is { } whole ? Wire.Bytes(Bare(whole)) : Malformed(body);
            default:
                return body;
        }
    }

    private static byte[] Malformed(ReadOnlyMemory<byte> body)
    {
        var spoilt = body.ToArray();
        spoilt.AsSpan(spoilt.Length / 2).Fill((byte)'<');
        return spoilt;
    }

    private static JsonNode? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span);
        }
        catch (JsonException)
        {
            // A stream of events, for instance.
            return null;
        }
    }

    private static JsonNode? Twisted(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Twisted(field.Value)))),
        JsonArray items => new JsonObject(items.Select((item, index) => KeyValuePair.Create(FormattableString.Invariant($"{index}"), Twisted(item)))),
        JsonValue value when value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => JsonValue.Create(value.ToJsonString()),
        _ => node?.DeepClone(),
    };

    private static JsonNode Bare(JsonNode node)
    {
        foreach (var fields in node is JsonArray items ? items.OfType<JsonObject>() : [.. new[] { node }.OfType<JsonObject>()])
        {
            var lost = fields.Select(field => field.Key).Where(Essential.Contains).ToList();
            foreach (var name in lost.Count > 0 ? lost : fields.Select(field => field.Key).Take(1).ToList())
            {
                fields.Remove(name);
            }
        }

        return node;
    }
}
