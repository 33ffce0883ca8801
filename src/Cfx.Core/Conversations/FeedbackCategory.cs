namespace Cfx.Core.Conversations;

/// <summary>The natural-feedback taxonomy: how the user's last message reacts to the assistant's last answer.</summary>
public enum FeedbackCategory
{
    /// <summary>The user repeats or rephrases the request.</summary>
    UR1 = 1,

    /// <summary>The user points out an error.</summary>
    UR2 = 2,

    /// <summary>The user points out an error and corrects it.</summary>
    UR3 = 3,

    /// <summary>The user asks for a clarification.</summary>
    UR4 = 4,

    /// <summary>The user is pleased.</summary>
    UR5 = 5,
}
