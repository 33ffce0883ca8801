using System.Text.Json;
using System.Text.Unicode;

namespace Cfx.Sandbox.Files;

/// <summary>Checks one line of a training file by the strict rules of the server.</summary>
internal static class TrainingLine
{
    public const string Conversation = "conversation";
    public const string Instruction = "instruction";
    public const string General = "general";
    public const string Preference = "preference_openai";

    private static readonly (string Format, string[] Keys)[] Formats =
    [
        (Conversation, ["messages"]),
        (Instruction, ["prompt", "completion"]),
        (General, ["text"]),
        (Preference, ["input", "preferred_output", "non_preferred_output"]),
    ];

    /// <summary>Parses the line.</summary>
    /// <exception cref="LineFormatException">It is not a JSON object in UTF-8.</exception>
    public static JsonDocument Parse(byte[] line)
    {
        if (line.AsSpan().StartsWith("\uFEFF"u8))
        {
            throw new LineFormatException("begins with a byte order mark");
        }

        if (!Utf8.IsValid(line))
        {
            throw new LineFormatException("is not valid UTF-8");
        }

        if (line.AsSpan().Trim(" \t"u8).IsEmpty)
        {
            throw new LineFormatException("is blank");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException error)
        {
            throw new LineFormatException($"is not valid JSON (byte {error.BytePositionInLine})");
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw new LineFormatException("is not a JSON object");
        }

        return document;
    }

    /// <returns>The line's format.</returns>
    /// <exception cref="LineFormatException">The line breaks a rule.</exception>
    public static string Check(JsonElement line, ref bool hasWeights)
    {
        var keys = line.EnumerateObject().Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        var format = Array.Find(Formats, format => format.Keys.All(keys.Contains)).Format
            ?? throw new LineFormatException(
                "has none of the known forms: messages; prompt and completion; text; input, preferred_output and non_preferred_output");
        var extra = keys.Except(Array.Find(Formats, known => string.Equals(known.Format, format, StringComparison.Ordinal)).Keys, StringComparer.Ordinal).FirstOrDefault();
        if (extra is not null)
        {
            throw new LineFormatException($"has the unexpected field '{extra}'");
        }

        switch (format)
        {
            case Conversation:
                CheckMessages(line.GetProperty("messages"), "messages", needsAnswer: true, ref hasWeights);
                break;
            case Preference:
                CheckPreference(line, ref hasWeights);
                break;
            default:
                foreach (var property in line.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.String))
                {
                    throw new LineFormatException($"has a field '{property.Name}' that is not a string");
                }

                break;
        }

        return format;
    }

    private static void CheckPreference(JsonElement line, ref bool hasWeights)
    {
        var input = line.GetProperty("input");
        if (input.ValueKind != JsonValueKind.Object || !input.TryGetProperty("messages", out var messages))
        {
            throw new LineFormatException("has an 'input' without 'messages'");
        }

        var last = CheckMessages(messages, "input.messages", needsAnswer: false, ref hasWeights);
        if (last is "assistant")
        {
            throw new LineFormatException("has an 'input' that ends with the assistant");
        }

        foreach (var name in new[] { "preferred_output", "non_preferred_output" })
        {
            var output = line.GetProperty(name);
            if (output.ValueKind != JsonValueKind.Array
                || output.GetArrayLength() != 1
                || output[0].ValueKind != JsonValueKind.Object
                || Role(output[0], name) is not "assistant"
                || !HasText(output[0]))
            {
                throw new LineFormatException($"has a '{name}' that is not exactly one assistant message with content");
            }
        }
    }

    /// <returns>The last message's role.</returns>
    private static string CheckMessages(JsonElement messages, string name, bool needsAnswer, ref bool hasWeights)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            throw new LineFormatException($"has '{name}' that is not a list with at least one message");
        }

        string? previous = null;
        var answered = false;
        var at = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var where = $"{name}[{at}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                throw new LineFormatException($"has {where} that is not an object");
            }

            var role = Role(message, where);
            var expected = previous switch { null => "system or user", "user" => "assistant", _ => "user" };
            if (!expected.Split(" or ").Contains(role, StringComparer.Ordinal))
            {
                throw new LineFormatException($"has {where} by {role} where {expected} must speak");
            }

            if (!HasText(message))
            {
                throw new LineFormatException($"has {where} without a string as content");
            }

            if (message.TryGetProperty("weight", out var weight))
            {
                hasWeights = true;
                // The token counts: 1.0, true and "1" are refused, as the service's own tools refuse them.
                if (weight.ValueKind != JsonValueKind.Number || weight.GetRawText() is not ("0" or "1"))
                {
                    throw new LineFormatException($"has {where} with weight {weight.GetRawText()} where 0 or 1 must stand");
                }
            }

            answered |= role is "assistant";
            previous = role;
            at++;
        }

        return answered || !needsAnswer ? previous! : throw new LineFormatException("has no message by the assistant");
    }

    private static string Role(JsonElement message, string where) =>
        message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String && role.GetString() is "system" or "user" or "assistant"
            ? role.GetString()!
            : throw new LineFormatException($"has {where} whose role is none of system, user, assistant");

    private static bool HasText(JsonElement message) =>
        message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String;
}
