using System.Text.Json;
using Cfx.Core.Conversations;

namespace Cfx.Core.Training;

/// <summary>The strict form of one line of a file of preference pairs.</summary>
/// <remarks>An input of an optional system message, then user and assistant messages in turn, beginning and ending with the user; two answers,
/// each a list of one assistant message; every content is text that is not blank; the answers differ; no other keys.</remarks>
internal static class PreferenceLineCheck
{
    private const string Input = "input";
    private const string Preferred = "preferred_output";
    private const string NonPreferred = "non_preferred_output";
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <returns>What is wrong, or null.</returns>
    public static string? Fault(ReadOnlySpan<byte> line)
    {
        try
        {
            return Pair(JsonElement.Parse(line, Strict));
        }
        catch (JsonException e)
        {
            var end = e.Message.IndexOf(". ", StringComparison.Ordinal);
            return $"not a JSON object: {(end < 0 ? e.Message : e.Message[..end])}";
        }
        catch (InvalidOperationException)
        {
            // What the element throws for text that is not UTF-8 or holds half of a surrogate pair.
            return "text that is not valid Unicode";
        }
    }

    private static string? Pair(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            return "not a JSON object";
        }

        if (Keys(line, Input, Preferred, NonPreferred) is { } wrongKey)
        {
            return wrongKey;
        }

        var input = line.GetProperty(Input);
        return input.ValueKind != JsonValueKind.Object ? $"'{Input}' is not an object"
            : Keys(input, "messages") is { } wrong ? $"{Input}: {wrong}"
            : Context(input.GetProperty("messages")) is { } fault ? $"{Input}: {fault}"
            : Answer(line.GetProperty(Preferred), out var preferred) is { } first ? $"{Preferred}: {first}"
            : Answer(line.GetProperty(NonPreferred), out var other) is { } second ? $"{NonPreferred}: {second}"
            : string.Equals(preferred, other, StringComparison.Ordinal) ? "both answers are the same, so that nothing would be learnt"
            : null;
    }

    private static string? Keys(JsonElement element, params ReadOnlySpan<string> expected)
    {
        var names = element.EnumerateObject().Select(p => p.Name).ToList();
        foreach (var name in expected)
        {
            if (!names.Remove(name))
            {
                return $"no '{name}'";
            }
        }

        return names is [var other, ..] ? $"the key '{other}' besides" : null;
    }

    private static string? Context(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            return "'messages' is not an array";
        }

        string? previous = null;
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            index++;
            if ((One(message, out var role, out _) ?? TrainingLineCheck.Turn(previous, role)) is { } fault)
            {
                return $"message {index}: {fault}";
            }

            previous = role;
        }

        return previous switch
        {
            null => "no messages",
            Roles.User => null,
            _ => $"the last message is the {previous}'s, not the user's",
        };
    }

    private static string? Answer(JsonElement output, out string content)
    {
        content = string.Empty;
        return output.ValueKind != JsonValueKind.Array || output.GetArrayLength() != 1 ? "not an array of one message"
            : One(output[0], out var role, out content) is { } fault ? fault
            : role is Roles.Assistant ? null
            : $"the message is the {role}'s, not the assistant's";
    }

    private static string? One(JsonElement message, out string role, out string content)
    {
        (role, content) = (string.Empty, string.Empty);
        if (message.ValueKind != JsonValueKind.Object)
        {
            return "not an object";
        }

        if (Keys(message, "role", "content") is { } wrong)
        {
            return wrong;
        }

        role = Text(message.GetProperty("role"));
        content = Text(message.GetProperty("content"));
        return role is not (Roles.System or Roles.User or Roles.Assistant) ? $"the role '{role}' is none of system, user, assistant"
            : string.IsNullOrWhiteSpace(content) ? "an empty content, or one that is not text"
            : null;
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
}
