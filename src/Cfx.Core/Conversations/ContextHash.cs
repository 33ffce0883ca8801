using System.Security.Cryptography;
using System.Text;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Conversations;

/// <summary>Tells whether two contexts say the same.</summary>
public static class ContextHash
{
    /// <summary>SHA-256 over "role:normalised content" of each message, joined by line feeds, in UTF-8; 64 lower-case hex digits.</summary>
    /// <param name="context">The judged context: everything before the answer.</param>
    public static string Of(IEnumerable<Message> context) =>
        ContentHash.OfText(string.Join('\n', context.Select(message => $"{message.Role}:{TextNormaliser.Normalise(message.Content)}")));

    /// <summary>The hash of every beginning of a conversation that ends with a user's message, as <see cref="Of"/> gives it: of each context that the
    /// conversation holds. Those without any text are passed over, since they would all be the same.</summary>
    /// <param name="messages">The conversation.</param>
    public static IEnumerable<string> OfBeginnings(IEnumerable<Message> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (isFirst, hasText) = (true, false);
        foreach (var message in messages)
        {
            var text = TextNormaliser.Normalise(message.Content);
            hash.AppendData(Encoding.UTF8.GetBytes($"{(isFirst ? string.Empty : "\n")}{message.Role}:{text}"));
            isFirst = false;
            hasText |= text.Length > 0;
            if (hasText && message.Role == Roles.User)
            {
                yield return Convert.ToHexStringLower(hash.GetCurrentHash());
            }
        }
    }
}
