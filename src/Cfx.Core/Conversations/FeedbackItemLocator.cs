using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>Takes a record apart by role, never by offset: the assistant's last message is the answer, the user's messages after it are the
/// feedback, and what stands before it, ending with a user message, is the judged context.</summary>
public static class FeedbackItemLocator
{
    /// <param name="record">A record as it was read; the item keeps it as its source.</param>
    /// <param name="itemId">The item's id; null takes the record's own "item_id" or, failing that, its conversation id.</param>
    /// <param name="item">The parts.</param>
    /// <param name="rejection">Why the record cannot be used: the first fault found.</param>
    public static bool TryLocate(
        JsonObject record,
        string? itemId,
        [NotNullWhen(true)] out FeedbackItem? item,
        [NotNullWhen(false)] out Rejection? rejection)
    {
        ArgumentNullException.ThrowIfNull(record);
        item = null;
        if (!RecordFields.TryId(record, out var id, out rejection)
            || !RecordFields.TryCategory(record, out var category, out rejection)
            || !RecordFields.TryMessages(record, out var messages, out rejection))
        {
            return false;
        }

        var answer = messages.FindLastIndex(message => message.Role is Roles.Assistant);
        rejection = CheckQuestion(messages, answer);
        if (rejection is null && answer == messages.Count - 1)
        {
            rejection = new Rejection(
                RejectionCode.NoFeedback,
                $"{RecordFields.Context}[{answer}]",
                "the conversation ends with the assistant; no feedback follows its last answer");
        }

        if (rejection is not null)
        {
            return false;
        }

        item = new FeedbackItem(
            itemId ?? RecordFields.Text(record, RecordFields.ItemId) ?? id,
            id,
            category,
            messages[..answer],
            messages[answer],
            messages[(answer + 1)..],
            record);
        return true;
    }

    internal static Rejection? CheckQuestion(List<Message> messages, int answer)
    {
        if (answer < 0)
        {
            return new Rejection(RejectionCode.NoAnswer, RecordFields.Context, "there is no message of the assistant");
        }

        return answer > 0 && messages[answer - 1].Role is Roles.User
            ? null
            : new Rejection(
                RejectionCode.NoQuestion,
                $"{RecordFields.Context}[{answer}]",
                "no user message stands directly before the assistant's last answer");
    }
}
