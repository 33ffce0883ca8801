namespace Cfx.Core.Conversations;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Content">The turn's text; never null, not empty in a valid conversation.</param>
public sealed record Message(string Role, string Content);
