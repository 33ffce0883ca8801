using System.Text;
using System.Text.Json;
using Cfx.Core.Conversations;

namespace Cfx.Core.Training;

/// <summary>The strict form of one line of a training file: what every reader of the format accepts and none misreads.</summary>
/// <remarks>An optional system message, then user and assistant messages in turn, beginning with the user and ending with the assistant; every
/// content is text that is not blank; every message has a weight, the token 0, except the last, whose weight is the token 1; no other keys.</remarks>
internal static class TrainingLineCheck
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Fault(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return Example(ref reader);
        }
        catch (JsonException e)
        {
            return $"not a JSON object: {FirstSentence(e.Message)}";
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for text that is not UTF-8 or holds half of a surrogate pair.
            return "text that is not valid Unicode";
        }
    }

    private static string? Example(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "not a JSON object";
        }

        var seen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!string.Equals(name, "messages", StringComparison.Ordinal))
            {
                return $"the key '{name}' beside 'messages'";
            }

            if (seen)
            {
                return "the key 'messages' twice";
            }

            seen = true;
            if (Messages(ref reader) is { } fault)
            {
                return fault;
            }
        }

        while (reader.Read())
        {
            // Reading on makes text after the object an error.
        }

        return seen ? null : "no 'messages'";
    }

    private static string? Messages(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return "'messages' is not an array";
        }

        var index = 0;
        string? previous = null;
        var weight = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            index++;
            if (weight == 1)
            {
                return $"message {index - 1}: weight 1 before the last message";
            }

            if (One(ref reader, out var role, out weight) is { } fault)
            {
                return $"message {index}: {fault}";
            }

            if (Turn(previous, role!) is { } wrongTurn)
            {
                return $"message {index}: {wrongTurn}";
            }

            previous = role;
        }

        return (previous, weight) switch
        {
            (null, _) => "no messages",
            (not Roles.Assistant, _) => $"the last message is the {previous}'s, not the assistant's",
            (_, not 1) => "the last message has weight 0, so that nothing would be learnt",
            _ => null,
        };
    }

    /// <summary>What is wrong with a role after another, or null.</summary>
    internal static string? Turn(string? previous, string role) => (previous, role) switch
    {
        (null, Roles.System) or (null, Roles.User) => null,
        (null, _) => "begins with the assistant",
        (_, Roles.System) => "a system message that is not the first",
        (Roles.System, Roles.User) or (Roles.User, Roles.Assistant) or (Roles.Assistant, Roles.User) => null,
        (Roles.System, _) => "the assistant right after the system message",
        _ => $"the {role} twice in a row",
    };

    private static string? One(ref Utf8JsonReader reader, out string? role, out int weight)
    {
        role = null;
        weight = -1;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "not an object";
        }

        var content = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            var fault = name switch
            {
                "role" when role is null => Role(ref reader, out role),
                "content" when !content => Content(ref reader, out content),
                "weight" when weight < 0 => Weight(ref reader, out weight),
                "role" or "content" or "weight" => $"the key '{name}' twice",
                _ => $"the key '{name}' beside role, content and weight",
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        return (role, content, weight) switch
        {
            (null, _, _) => "no role",
            (_, false, _) => "no content",
            (_, _, < 0) => "no weight",
            (not Roles.Assistant, _, 1) => $"weight 1 on a {role} message",
            _ => null,
        };
    }

    private static string? Role(ref Utf8JsonReader reader, out string? role)
    {
        role = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return role is Roles.System or Roles.User or Roles.Assistant ? null : $"the role '{role}' is none of system, user, assistant";
    }

    private static string? Content(ref Utf8JsonReader reader, out bool content)
    {
        content = true;
        return reader.TokenType != JsonTokenType.String ? "a content that is not text"
            : string.IsNullOrWhiteSpace(reader.GetString()) ? "an empty content"
            : null;
    }

    private static string? Weight(ref Utf8JsonReader reader, out int weight)
    {
        weight = -1;
        if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan is [(byte)'0' or (byte)'1'])
        {
            weight = reader.ValueSpan[0] - '0';
            return null;
        }

        var token = reader.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : reader.TokenType.ToString();
        return $"a weight that is not the token 0 or 1 ({token})";
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
