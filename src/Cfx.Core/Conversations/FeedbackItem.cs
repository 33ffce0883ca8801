using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>One conversation up to one feedback message, taken apart by role.</summary>
/// <param name="ItemId">Unique within a study: the conversation id, with "#2", "#3", … for its further items.</param>
/// <param name="ConversationId">The id of the conversation; groups its items.</param>
/// <param name="Category">How the feedback reacts to the answer.</param>
/// <param name="Context">The judged context: everything before the answer; ends with a user message.</param>
/// <param name="Answer">The assistant's last answer, which drew the feedback.</param>
/// <param name="Feedback">The user messages after the answer; one or more.</param>
/// <param name="Source">The record as it was read, unknown fields included.</param>
public sealed record FeedbackItem(
    string ItemId,
    string ConversationId,
    FeedbackCategory Category,
    IReadOnlyList<Message> Context,
    Message Answer,
    IReadOnlyList<Message> Feedback,
    JsonObject Source);
