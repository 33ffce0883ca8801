using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Generation.Improvement;

/// <summary>Makes the processed records: the record as read, unknown fields and order kept, with the outcome added.</summary>
internal static class ImprovedRecord
{
    internal static JsonObject Improved(FeedbackItem item, ImproveOptions options, ChatReply reply)
    {
        var record = WithoutFeedback(item, reply.Content.Trim());
        Mark(record, item, improved: true, ImprovementStatus.Improved, reason: null);
        record["generation_method"] = options.Method.GenerationMethod;
        record[RecordFields.GeneratorModel] = options.Settings.Model;
        if (options.Provider is not null)
        {
            record[RecordFields.GeneratorProvider] = options.Provider;
        }

        record["original_assistant_response"] = item.Answer.Content;
        record["improvement_timestamp"] = Timestamps.Format(reply.CreatedAt);
        return record;
    }

    internal static JsonObject Kept(FeedbackItem item)
    {
        var record = WithoutFeedback(item, item.Answer.Content);
        Mark(record, item, improved: false, ImprovementStatus.Kept, reason: null);
        return record;
    }

    internal static JsonObject NotImproved(FeedbackItem item, string status, string reason)
    {
        var record = (JsonObject)item.Source.DeepClone();
        Mark(record, item, improved: false, status, reason);
        return record;
    }

    private static void Mark(JsonObject record, FeedbackItem item, bool improved, string status, string? reason)
    {
        // A file that was processed before must not carry the old outcome's fields along.
        foreach (var name in (string[])
            ["generation_method", RecordFields.GeneratorModel, RecordFields.GeneratorProvider, "original_assistant_response", "improvement_timestamp", "reason"])
        {
            record.Remove(name);
        }

        record[RecordFields.ItemId] = item.ItemId;
        record["improved"] = improved;
        record["status"] = status;
        if (reason is not null)
        {
            record["reason"] = reason;
        }
    }

    private static JsonObject WithoutFeedback(FeedbackItem item, string answer)
    {
        var record = new JsonObject();
        foreach (var (name, value) in item.Source)
        {
            record[name] = name == RecordFields.Context ? null : value?.DeepClone();
        }

        record[RecordFields.Context] = Messages(item, answer);
        return record;
    }

    private static JsonArray Messages(FeedbackItem item, string answer)
    {
        var source = item.Source[RecordFields.Context] as JsonArray;
        var messages = new JsonArray();
        for (var i = 0; i <= item.Context.Count; i++)
        {
            var isAnswer = i == item.Context.Count;
            var expected = isAnswer ? item.Answer : item.Context[i];
            // The source's own object keeps fields we do not know, as long as it is the message at this place.
            var message = source is not null && i < source.Count && IsSame(source[i], expected)
                ? (JsonObject)source[i]!.DeepClone()
                : new JsonObject { [RecordFields.Role] = expected.Role, [RecordFields.Content] = expected.Content };
            if (isAnswer)
            {
                message[RecordFields.Content] = answer;
            }

            messages.Add((JsonNode)message);
        }

        return messages;
    }

    private static bool IsSame(JsonNode? node, Message message) =>
        node is JsonObject found
        && string.Equals(RecordFields.Text(found, RecordFields.Role), message.Role, StringComparison.Ordinal)
        && string.Equals(RecordFields.Text(found, RecordFields.Content), message.Content, StringComparison.Ordinal);
}
