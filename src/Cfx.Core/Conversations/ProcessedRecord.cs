using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>A record whose feedback was removed, so that it ends with the assistant's answer.</summary>
/// <param name="ItemId">The record's "item_id", or its conversation id when it has none.</param>
/// <param name="ConversationId">The id of the conversation.</param>
/// <param name="Category">How the removed feedback reacted; null when the record does not say.</param>
/// <param name="Context">Everything before the answer; ends with a user message.</param>
/// <param name="Answer">The last message, the assistant's.</param>
/// <param name="Source">The record as it was read, unknown fields included.</param>
public sealed record ProcessedRecord(
    string ItemId,
    string ConversationId,
    FeedbackCategory? Category,
    IReadOnlyList<Message> Context,
    Message Answer,
    JsonObject Source)
{
    /// <summary>Takes a processed record apart by role.</summary>
    /// <param name="record">A record as it was read.</param>
    /// <param name="processed">The parts.</param>
    /// <param name="rejection">Why the record is none: the first fault found.</param>
    public static bool TryLocate(
        JsonObject record,
        [NotNullWhen(true)] out ProcessedRecord? processed,
        [NotNullWhen(false)] out Rejection? rejection)
    {
        ArgumentNullException.ThrowIfNull(record);
        processed = null;
        if (!RecordFields.TryId(record, out var id, out rejection) || !RecordFields.TryMessages(record, out var messages, out rejection))
        {
            return false;
        }

        FeedbackCategory? category = null;
        if (record[RecordFields.Category] is not null)
        {
            if (!RecordFields.TryCategory(record, out var given, out rejection))
            {
                return false;
            }

            category = given;
        }

        var answer = messages.FindLastIndex(message => message.Role is Roles.Assistant);
        rejection = FeedbackItemLocator.CheckQuestion(messages, answer);
        if (rejection is null && answer < messages.Count - 1)
        {
            rejection = new Rejection(
                RejectionCode.NotProcessed,
                $"{RecordFields.Context}[{messages.Count - 1}]",
                "the conversation goes on after the assistant's last answer; a processed record ends with it");
        }

        if (rejection is not null)
        {
            return false;
        }

        processed = new ProcessedRecord(
            RecordFields.Text(record, RecordFields.ItemId) ?? id,
            id,
            category,
            messages[..answer],
            messages[answer],
            record);
        return true;
    }

    /// <summary>A copy of an item's record that ends with its answer: the feedback removed and, when there is a new answer, the old one's text
    /// replaced. The item and its source stay as they are.</summary>
    /// <param name="item">The item.</param>
    /// <param name="newAnswer">The text to put in the answer's place; null keeps the answer.</param>
    public static JsonObject Create(FeedbackItem item, string? newAnswer)
    {
        ArgumentNullException.ThrowIfNull(item);
        var copy = item.Source.DeepClone().AsObject();
        var messages = copy[RecordFields.Context]!.AsArray();
        for (var i = messages.Count - 1; i > item.Context.Count; i--)
        {
            messages.RemoveAt(i);
        }

        if (newAnswer is not null)
        {
            messages[item.Context.Count]![RecordFields.Content] = newAnswer;
        }

        copy[RecordFields.ItemId] = item.ItemId;
        return copy;
    }
}
