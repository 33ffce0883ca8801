using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Tests.Generation;

internal static class Items
{
    internal static FeedbackItem Make(
        string id, FeedbackCategory category = FeedbackCategory.UR2, string answer = "bad answer", string feedback = "that is wrong", string? system = null)
    {
        List<Message> context = [.. system is null ? [] : new[] { new Message(Roles.System, system) }, new Message(Roles.User, $"question {id}")];
        var turns = new JsonArray();
        foreach (var message in context.Append(new Message(Roles.Assistant, answer)).Append(new Message(Roles.User, feedback)))
        {
            turns.Add((JsonNode)new JsonObject { ["role"] = message.Role, ["content"] = message.Content, ["mood"] = "kept" });
        }

        var source = new JsonObject
        {
            ["conversation_id"] = id.Split('#')[0],
            ["unknown"] = 1.50m,
            ["conversation_context"] = turns,
            ["category"] = category.ToString(),
        };
        return new FeedbackItem(
            id, id.Split('#')[0], category, context, new Message(Roles.Assistant, answer), [new Message(Roles.User, feedback)], source);
    }
}
