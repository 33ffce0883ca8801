namespace Cfx.Core.Generation;

/// <summary>Chat models behind one provider. Implementations retry what is worth retrying, keep the spacing and concurrency they were
/// given, and may be called from many threads at once.</summary>
public interface IChatModel
{
    /// <summary>Asks once and returns whatever answer came, usable or not.</summary>
    /// <exception cref="ProviderException">No answer could be had.</exception>
    Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken);
}
