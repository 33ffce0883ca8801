namespace Cfx.Core.Conversations;

/// <summary>The kinds of fault a record can have; what counts are kept by.</summary>
public static class RejectionCode
{
    /// <summary>The text is not JSON, or names one property twice.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>The record is JSON, but not an object.</summary>
    public const string NotAnObject = "not_an_object";

    /// <summary>No conversation id, or a blank one.</summary>
    public const string MissingId = "missing_id";

    /// <summary>No category.</summary>
    public const string MissingCategory = "missing_category";

    /// <summary>A category that is none of UR1 to UR5.</summary>
    public const string UnknownCategory = "unknown_category";

    /// <summary>No messages, or a list that is none.</summary>
    public const string MissingContext = "missing_context";

    /// <summary>A message that is not an object.</summary>
    public const string InvalidMessage = "invalid_message";

    /// <summary>A message without a role.</summary>
    public const string MissingRole = "missing_role";

    /// <summary>A role that is none of system, user, assistant.</summary>
    public const string UnknownRole = "unknown_role";

    /// <summary>A message whose content is missing, null, blank or no text.</summary>
    public const string EmptyContent = "empty_content";

    /// <summary>A system message after the conversation has begun.</summary>
    public const string MisplacedSystem = "misplaced_system";

    /// <summary>The assistant never answers.</summary>
    public const string NoAnswer = "no_answer";

    /// <summary>The assistant has the last word, so there is no feedback.</summary>
    public const string NoFeedback = "no_feedback";

    /// <summary>Something other than the assistant's answer stands at the end of a processed record.</summary>
    public const string NotProcessed = "not_processed";

    /// <summary>No user message stands directly before the answer.</summary>
    public const string NoQuestion = "no_question";

    /// <summary>The same conversation was read before under another category.</summary>
    public const string ConflictingCategory = "conflicting_category";
}
