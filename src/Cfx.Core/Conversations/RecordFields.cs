using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>Reads the known fields of a record.</summary>
internal static class RecordFields
{
    public const string ConversationId = "conversation_id";
    public const string Category = "category";
    public const string Context = "conversation_context";
    public const string ItemId = "item_id";
    public const string Side = "side";
    public const string Role = "role";
    public const string Content = "content";
    public const string GeneratorModel = "generator_model";
    public const string GeneratorProvider = "generator_provider";

    public const string CategoryRemedy =
        "give each record \"category\": \"UR1\" (repeats or rephrases), \"UR2\" (points out an error), \"UR3\" (points it out and corrects it), " +
        "\"UR4\" (asks for clarification) or \"UR5\" (is pleased), for how its last user message reacts to the answer";

    /// <summary>The text of a field; a number's digits count as its text.</summary>
    public static string? Text(JsonObject record, string name) =>
        record[name] is JsonValue value
            ? value.GetValueKind() switch
            {
                JsonValueKind.String => value.GetValue<string>(),
                JsonValueKind.Number => value.ToJsonString(),
                _ => null,
            }
            : null;

    /// <summary>The text of a field that must be there.</summary>
    /// <exception cref="MisuseException">It is not; names place and field.</exception>
    public static string Text(JsonObject record, string name, string place) => Text(record, name) ?? throw Lacks(place, name, "text");

    /// <summary>The whole number of a field; null when there is none.</summary>
    /// <exception cref="MisuseException">It holds something else; names place and field.</exception>
    public static int? WholeNumber(JsonObject record, string name, string place) => record[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => throw Lacks(place, name, "whole number"),
    };

    /// <summary>The error of a record that a stage wrote and that is not as it was written.</summary>
    public static MisuseException Lacks(string place, string name, string what) =>
        new($"{place}: \"{name}\" is no {what}; mend the line, or run the target that makes the file again.");

    public static bool TryId(JsonObject record, [NotNullWhen(true)] out string? id, [NotNullWhen(false)] out Rejection? rejection)
    {
        id = Text(record, ConversationId);
        if (!string.IsNullOrWhiteSpace(id))
        {
            rejection = null;
            return true;
        }

        id = null;
        rejection = new Rejection(RejectionCode.MissingId, ConversationId, "the conversation has no id; give it a text or a number");
        return false;
    }

    public static bool TryCategory(JsonObject record, out FeedbackCategory category, [NotNullWhen(false)] out Rejection? rejection)
    {
        category = default;
        rejection = null;
        var node = record[Category];
        var text = Text(record, Category)?.Trim();
        if (node is null || text is "")
        {
            rejection = new Rejection(RejectionCode.MissingCategory, Category, $"the record has no category; {CategoryRemedy}");
            return false;
        }

        // Enum.TryParse alone would take "2" and "UR1,UR2".
        foreach (var known in Enum.GetValues<FeedbackCategory>())
        {
            if (string.Equals(text, known.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                category = known;
                return true;
            }
        }

        rejection = new Rejection(RejectionCode.UnknownCategory, Category, $"{Shown(node)} is not a category; {CategoryRemedy}");
        return false;
    }

    /// <summary>The messages, each with a known role and text.</summary>
    public static bool TryMessages(
        JsonObject record,
        [NotNullWhen(true)] out List<Message>? messages,
        [NotNullWhen(false)] out Rejection? rejection)
    {
        messages = null;
        if (record[Context] is not JsonArray { Count: > 0 } array)
        {
            rejection = new Rejection(RejectionCode.MissingContext, Context, "there is no list of messages; it is [{\"role\": …, \"content\": …}, …]");
            return false;
        }

        var read = new List<Message>(array.Count);
        for (var i = 0; i < array.Count; i++)
        {
            rejection = Check(array[i], $"{Context}[{i}]", afterTurn: read.Exists(m => m.Role is not Roles.System), out var message);
            if (rejection is not null)
            {
                return false;
            }

            read.Add(message!);
        }

        messages = read;
        rejection = null;
        return true;
    }

    private static Rejection? Check(JsonNode? node, string path, bool afterTurn, out Message? message)
    {
        message = null;
        if (node is not JsonObject turn)
        {
            return new Rejection(RejectionCode.InvalidMessage, path, "the message is not an object with a role and content");
        }

        var role = turn[Role] is JsonValue given && given.GetValueKind() == JsonValueKind.String ? given.GetValue<string>() : null;
        if (string.IsNullOrWhiteSpace(role))
        {
            return new Rejection(RejectionCode.MissingRole, $"{path}.{Role}", "the message has no role; it is system, user or assistant");
        }

        if (role is not (Roles.System or Roles.User or Roles.Assistant))
        {
            return new Rejection(RejectionCode.UnknownRole, $"{path}.{Role}", $"{Shown(turn[Role])} is not a role; use system, user or assistant");
        }

        var content = turn[Content] is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : null;
        if (string.IsNullOrWhiteSpace(content))
        {
            var what = turn[Content] is null or JsonValue ? "the message has no text" : "the content is not a text";
            return new Rejection(RejectionCode.EmptyContent, $"{path}.{Content}", what);
        }

        if (role is Roles.System && afterTurn)
        {
            return new Rejection(RejectionCode.MisplacedSystem, $"{path}.{Role}", "a system message stands only at the start of a conversation");
        }

        message = new Message(role, content);
        return null;
    }

    // A message for a person stays one short line, whatever stands in the file.
    private static string Shown(JsonNode? node)
    {
        const int Most = 40;
        var text = (node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : node?.ToJsonString() ?? "null")
            .ReplaceLineEndings(" ");
        return text.Length <= Most ? $"'{text}'" : $"'{text[..Most]}…'";
    }
}
