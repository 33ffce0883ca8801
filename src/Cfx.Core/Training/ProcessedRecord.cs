using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>The answer that the user disliked, where this one was improved; null otherwise.</summary>
    public string? Disliked { get; private init; }

    /// <summary>Reads a record; never fails on one that is malformed, but says so in <see cref="Reason"/>.</summary>
    public static ProcessedRecord Read(JsonObject record)
    {
        var itemId = RecordFields.Text(record, RecordFields.ItemId);
        var conversationId = RecordFields.Text(record, RecordFields.ConversationId);
        var positive = string.Equals(RecordFields.Text(record, RecordFields.Category), nameof(FeedbackCategory.UR5), StringComparison.Ordinal);
        var isReadable = RecordFields.TryMessages(record, out var messages, out var fault);
        if (Outcome(record, positive) is { } reason)
        {
            return new ProcessedRecord(itemId, conversationId, positive, messages ?? [], reason, RecordFields.Text(record, "reason"));
        }

        return isReadable
            ? new ProcessedRecord(itemId, conversationId, positive, messages!, null, null)
            {
                Disliked = positive ? null : RecordFields.Text(record, "original_assistant_response"),
            }
            : new ProcessedRecord(itemId, conversationId, positive, [], BadForm, $"{fault!.Field}: {fault.Reason}");
    }

    /// <summary>The record's example, or what is wrong with it.</summary>
    public (ReadOnlyMemory<byte> Line, string? Fault) Example(int? maxContextTurns)
    {
        var line = TrainingLine.Write(LastAssistantMask.Apply(LastAssistantMask.Shorten(Messages, maxContextTurns)));
        return (line, TrainingFileCheck.Fault(line.Span));
    }

    /// <summary>The record's preference pair, or what is wrong with it; neither for an answer that was liked.</summary>
    public (ReadOnlyMemory<byte> Line, string? Fault) Pair(int? maxContextTurns)
    {
        if (IsPositive)
        {
            return (default, null);
        }

        if (Disliked is null)
        {
            return (default, "no 'original_assistant_response'");
        }

        var messages = LastAssistantMask.Shorten(Messages, maxContextTurns);
        var line = PreferenceLine.Write([.. messages.SkipLast(1)], messages[^1].Content, Disliked);
        return (line, PreferenceLineCheck.Fault(line.Span));
    }

    /// <summary>Tells contexts apart: equal for records whose messages before the answer are equal.</summary>
    public UInt128 ContextKey() => ContentKey.OfConversation(string.Empty, Messages.SkipLast(1));

    private static string? Outcome(JsonObject record, bool positive)
    {
        var status = RecordFields.Text(record, "status");
        var improved = record.TryGetPropertyValue("improved", out var flag) ? flag?.GetValueKind() ?? JsonValueKind.Null : JsonValueKind.Undefined;
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
}
