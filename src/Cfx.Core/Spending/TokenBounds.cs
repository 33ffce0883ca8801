using System.Text;
using Cfx.Core.Generation;

namespace Cfx.Core.Spending;

/// <summary>The most tokens that a call can be billed for.</summary>
/// <remarks>Tokenizers that fall back to bytes, as those of all models in question do, make at most one token of each byte of UTF-8. Around each
/// message a chat template puts a role and marks, and before all of them at most a short preamble (Llama 3.1 writes two dates): both are
/// allowed for generously. A provider that adds a long system text of its own to each call would pass this bound.</remarks>
public static class TokenBounds
{
    private const int PerMessage = 16;
    private const int PerRequest = 64;

    /// <summary>At least the tokens of the prompt, whatever the tokenizer.</summary>
    public static long Prompt(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return PerRequest + request.Messages.Sum(m => (long)PerMessage + Encoding.UTF8.GetByteCount(m.Role) + Encoding.UTF8.GetByteCount(m.Content));
    }

    /// <summary>At least the price of the call in billionths of a dollar.</summary>
    public static long Nano(ChatRequest request, TokenPrice price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return price.NanoFor(Prompt(request), request.MaxTokens);
    }
}
