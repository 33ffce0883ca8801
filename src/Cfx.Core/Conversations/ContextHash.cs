using Cfx.Core.Artifacts;

namespace Cfx.Core.Conversations;

/// <summary>Tells whether two contexts say the same.</summary>
public static class ContextHash
{
    /// <summary>SHA-256 over "role:normalised content" of each message, joined by line feeds, in UTF-8; 64 lower-case hex digits.</summary>
    /// <param name="context">The judged context: everything before the answer.</param>
    public static string Of(IEnumerable<Message> context) =>
        ContentHash.OfText(string.Join('\n', context.Select(message => $"{message.Role}:{TextNormaliser.Normalise(message.Content)}")));
}
