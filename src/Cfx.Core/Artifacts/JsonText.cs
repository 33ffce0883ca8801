using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Artifacts;

/// <summary>How artifacts write JSON: UTF-8 without a byte order mark, every script as itself, line feeds.</summary>
public static class JsonText
{
    /// <summary>One record a line.</summary>
    public static JsonWriterOptions CompactOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For files that people read.</summary>
    public static JsonWriterOptions IndentedOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    /// <summary>A document for people, ended by a line feed.</summary>
    public static byte[] Indented(JsonNode node) => Write(node, IndentedOptions);

    /// <summary>A record on one line, ended by a line feed.</summary>
    public static byte[] Line(JsonNode node) => Write(node, CompactOptions);

    private static byte[] Write(JsonNode node, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            node.WriteTo(writer);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
