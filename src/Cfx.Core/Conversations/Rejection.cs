namespace Cfx.Core.Conversations;

/// <summary>Why a record cannot be used.</summary>
/// <param name="Code">One of <see cref="RejectionCode"/>.</param>
/// <param name="Field">The path of the field at fault, such as "conversation_context[3].content"; empty for the record as a whole.</param>
/// <param name="Reason">One clause for a person, with the remedy where there is one.</param>
public sealed record Rejection(string Code, string Field, string Reason);
