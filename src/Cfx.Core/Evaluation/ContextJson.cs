using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Evaluation;

/// <summary>Messages as JSON.</summary>
internal static class ContextJson
{
    internal static JsonArray Write(IReadOnlyList<Message> messages) =>
        new([.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]);

    internal static IReadOnlyList<Message> Read(JsonNode? node, string path)
    {
        if (node is not JsonArray array)
        {
            throw new MisuseException($"{path}: a record has no \"context\"; run the target that makes the file again.");
        }

        return [.. array.Select(m => m as JsonObject
            ?? throw new MisuseException($"{path}: a context has something else than messages; run the target that makes the file again."))
            .Select(m => new Message(JsonLines.Text(m, "role", path), JsonLines.Text(m, "content", path)))];
    }
}
