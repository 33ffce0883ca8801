using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Tests.Models;

/// <summary>One judged answer of the project's own conversations.</summary>
/// <param name="Context">The turns before the answer, the last a user's.</param>
/// <param name="Answer">The answer that drew the feedback.</param>
/// <param name="Feedback">What the user said about it.</param>
/// <param name="IsLiked">Whether the feedback is praise (UR5) rather than a complaint (UR2, UR3).</param>
internal sealed record LikedAndDisliked(IReadOnlyList<Message> Context, string Answer, string Feedback, bool IsLiked)
{
    /// <summary>Those of data/conversations.json with an ordinary ending: user, assistant, user.</summary>
    public static IReadOnlyList<LikedAndDisliked> Load()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Cfx.sln")))
        {
            folder = folder.Parent;
        }

        var records = JsonNode.Parse(File.ReadAllText(Path.Combine(folder!.FullName, "data", "conversations.json")))!.AsArray();
        return [.. records.Select(record => Read(record!.AsObject())).OfType<LikedAndDisliked>()];
    }

    private static LikedAndDisliked? Read(JsonObject record)
    {
        if (record["category"] is not JsonValue value || !value.TryGetValue<string>(out var category) || category is not ("UR2" or "UR3" or "UR5")
            || record["conversation_context"] is not JsonArray turns)
        {
            return null;
        }

        var messages = new List<Message>();
        foreach (var turn in turns)
        {
            if (turn is not JsonObject || turn["role"] is not JsonValue role || turn["content"] is not JsonValue content
                || !content.TryGetValue<string>(out var text) || string.IsNullOrWhiteSpace(text))
            {
                return null;
            }

            messages.Add(new Message(role.GetValue<string>(), text));
        }

        return messages.Count >= 3 && messages[^1].Role == Roles.User && messages[^2].Role == Roles.Assistant && messages[^3].Role == Roles.User
            ? new LikedAndDisliked(messages[..^2], messages[^2].Content, messages[^1].Content, category is "UR5")
            : null;
    }
}
