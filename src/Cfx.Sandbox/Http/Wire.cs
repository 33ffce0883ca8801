using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Sandbox.Http;

/// <summary>How values look on the wire.</summary>
internal static class Wire
{
    /// <summary>An ISO-8601 time in UTC with a fraction and Z, which every known client can read.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static byte[] Bytes(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        // Nothing here is put into a web page: other scripts than Latin stay readable.
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a JSON object; an empty body is an empty object when <paramref name="mayBeEmpty"/>.</summary>
    /// <exception cref="ApiException">400: not a JSON object.</exception>
    public static JsonElement Object(ReadOnlyMemory<byte> body, bool mayBeEmpty = false)
    {
        if (mayBeEmpty && body.IsEmpty)
        {
            return Object("{}"u8.ToArray());
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ApiException(400, "The body must be a JSON object.", code: "invalid_json");
        }
        catch (JsonException error)
        {
            throw new ApiException(400, $"The body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine}).", code: "invalid_json");
        }
    }
}
