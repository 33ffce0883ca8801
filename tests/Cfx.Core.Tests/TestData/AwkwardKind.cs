namespace Cfx.TestData;

/// <summary>The ways in which a generated record is unusable.</summary>
public enum AwkwardKind
{
    MissingId,
    BlankId,
    MissingCategory,
    UnknownCategory,
    NoContext,
    NullContent,
    BlankContent,
    MissingRole,
    ToolRole,
    MessageIsText,
    EndsWithAssistant,
    NoAssistant,
    NoQuestion,
    LateSystemMessage,
}
