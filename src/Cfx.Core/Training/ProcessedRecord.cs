using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cfx.Core.Conversations;

namespace Cfx.Core.Training;

/// <summary>What training needs of one processed conversation.</summary>
/// <param name="ItemId">The item's id; null when the record has none.</param>
/// <param name="ConversationId">The conversation's id; null when the record has none.</param>
/// <param name="IsPositive">Whether the feedback was positive (UR5), so that the answer was kept as it was.</param>
/// <param name="Messages">The context and the answer to learn; empty when they cannot be read.</param>
/// <param name="Reason">Why the record must not be learnt, as a counted word (declined, failed, cut_off, bad_form, …); null when it may.</param>
/// <param name="Detail">The same in words; may be null.</param>
internal sealed record ProcessedRecord(
    string? ItemId, string? ConversationId, bool IsPositive, IReadOnlyList<Message> Messages, string? Reason, string? Detail)
{
    public const string BadForm = "bad_form";

    /// <summary>Reads a record; never fails on one that is malformed, but says so in <see cref="Reason"/>.</summary>
    public static ProcessedRecord Read(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            return new ProcessedRecord(null, null, false, [], BadForm, "not a JSON object");
        }

        var itemId = Text(record, "item_id");
        var conversationId = Text(record, "conversation_id");
        var positive = string.Equals(Text(record, "category"), nameof(FeedbackCategory.UR5), StringComparison.Ordinal);
        var messages = ReadMessages(record, out var fault);
        var reason = Outcome(record, positive);
        return reason is not null
            ? new ProcessedRecord(itemId, conversationId, positive, messages, reason, Text(record, "reason"))
            : new ProcessedRecord(itemId, conversationId, positive, messages, fault is null ? null : BadForm, fault);
    }

    /// <summary>The record's example, or what is wrong with it.</summary>
    public (ReadOnlyMemory<byte> Line, string? Fault) Example(int? maxContextTurns)
    {
        var line = TrainingLine.Write(LastAssistantMask.Apply(LastAssistantMask.Shorten(Messages, maxContextTurns)));
        return (line, TrainingFileCheck.Fault(line.Span));
    }

    /// <summary>Tells contexts apart: equal for records whose messages before the answer are equal.</summary>
    public string ContextHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var message in Messages.SkipLast(1))
        {
            foreach (var text in (ReadOnlySpan<string>)[message.Role, message.Content])
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                hash.AppendData(BitConverter.GetBytes(bytes.Length));
                hash.AppendData(bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static string? Outcome(JsonElement record, bool positive)
    {
        var status = Text(record, "status");
        var improved = record.TryGetProperty("improved", out var flag) ? flag.ValueKind : JsonValueKind.Undefined;
        return (improved, status) switch
        {
            (JsonValueKind.True, null or "improved") => null,
            (JsonValueKind.False, null or "kept") when positive => null,
            (JsonValueKind.Undefined, _) => "not_processed",
            (JsonValueKind.False, null) => "not_improved",
            (JsonValueKind.False, not ("improved" or "kept")) => status,
            _ => "contradictory",
        };
    }

    private static List<Message> ReadMessages(JsonElement record, out string? fault)
    {
        var messages = new List<Message>();
        fault = null;
        if (!record.TryGetProperty("conversation_context", out var context) || context.ValueKind != JsonValueKind.Array)
        {
            fault = "no array 'conversation_context'";
            return messages;
        }

        foreach (var turn in context.EnumerateArray())
        {
            var role = turn.ValueKind == JsonValueKind.Object ? Text(turn, "role") : null;
            var content = turn.ValueKind == JsonValueKind.Object ? Text(turn, "content") : null;
            if (role is null || content is null)
            {
                fault = $"message {messages.Count + 1}: no {(role is null ? "role" : "content")}";
                messages.Clear();
                return messages;
            }

            messages.Add(new Message(role, content));
        }

        return messages;
    }

    private static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: no text that could be written again.
            return null;
        }
    }
}
