namespace Cfx.Core.Spending;

/// <summary>What tokens of a chat model cost, in US dollars for a million of each kind.</summary>
/// <param name="InputUsd">Of the prompt, 0 or more.</param>
/// <param name="OutputUsd">Of the answer, 0 or more.</param>
public sealed record TokenPrice(decimal InputUsd, decimal OutputUsd)
{
    // A dollar for a million tokens is a thousand billionths for one.
    private const decimal NanoPerToken = 1000m;

    public static TokenPrice Free { get; } = new(0, 0);

    /// <summary>The price of a call in billionths of a dollar, rounded up.</summary>
    /// <param name="promptTokens">0 or more.</param>
    /// <param name="completionTokens">0 or more.</param>
    public long NanoFor(long promptTokens, long completionTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(promptTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(completionTokens);
        return checked((long)decimal.Ceiling(((promptTokens * InputUsd) + (completionTokens * OutputUsd)) * NanoPerToken));
    }
}
