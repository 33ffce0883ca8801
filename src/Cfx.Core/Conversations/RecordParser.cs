using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>Turns one record's bytes into a JSON object or a rejection.</summary>
internal static class RecordParser
{
    /// <summary>Records nest less deeply than this.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public static ReadRecord Parse(ReadOnlySpan<byte> bytes, RecordPosition position)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(JsonTextRepair.Repair(bytes), documentOptions: Options);
        }
        catch (JsonException e)
        {
            var rejection = new Rejection(RejectionCode.InvalidJson, "", $"not valid JSON: {Explain(e)}");
            return new ReadRecord(new RejectedRecord(position, null, rejection, null, Encoding.UTF8.GetString(bytes)));
        }

        return node is JsonObject value
            ? new ReadRecord(position, value)
            : new ReadRecord(new RejectedRecord(
                position,
                null,
                new Rejection(RejectionCode.NotAnObject, "", "not a JSON object; a record is {\"conversation_id\": …, \"category\": …, \"conversation_context\": […]}"),
                null,
                Encoding.UTF8.GetString(bytes)));
    }

    /// <summary>The parser's own words without its place, which counts from the record's start and would mislead.</summary>
    public static string Explain(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var text = end < 0 ? e.Message : e.Message[..end];
        var path = text.IndexOf(" Path:", StringComparison.Ordinal);
        return path < 0 ? text : text[..path];
    }
}
