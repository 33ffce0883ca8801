using Cfx.Core.Generation;

namespace Cfx.Core.Redaction;

/// <summary>A chat model that is never told what the rules name, and whose answers do not hold it either: a model may repeat or invent an address.</summary>
/// <param name="inner">Asked without it.</param>
/// <param name="redactor">The study's rules.</param>
public sealed class RedactingChatModel(IChatModel inner, Redactor redactor) : IChatModel
{
    /// <inheritdoc/>
    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var reply = await inner.CompleteAsync(Redact(request, redactor), cancellationToken);
        return reply with { Content = redactor.Apply(reply.Content) };
    }

    /// <summary>The request as it is sent.</summary>
    public static ChatRequest Redact(ChatRequest request, Redactor redactor)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(redactor);
        return request with { Messages = [.. request.Messages.Select(m => m with { Content = redactor.Apply(m.Content) })] };
    }
}
