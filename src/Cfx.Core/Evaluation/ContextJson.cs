using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Evaluation;

/// <summary>Messages as JSON.</summary>
internal static class ContextJson
{
    internal static JsonArray Write(IReadOnlyList<Message> messages) =>
        new([.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]);

    internal static IReadOnlyList<Message> Read(JsonObject record, string name, string place)
    {
        if (record[name] is not JsonArray array)
        {
            throw RecordFields.Lacks(place, name, "list of messages");
        }

        return [.. array
            .Select(m => m as JsonObject ?? throw RecordFields.Lacks(place, name, "list of messages"))
            .Select(m => new Message(RecordFields.Text(m, RecordFields.Role, place), RecordFields.Text(m, RecordFields.Content, place)))];
    }
}
