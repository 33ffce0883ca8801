using Cfx.Core.Generation;

namespace Cfx.Core.Spending;

/// <summary>How many tokens a text may come to: by what the provider counted for this model before, else by a rule of thumb.</summary>
/// <param name="TokensPerCharacter">Above 0.</param>
/// <param name="Method">How that is known, for people.</param>
public sealed record TokenEstimate(double TokensPerCharacter, string Method)
{
    private const double AssumedPerCharacter = 0.25;

    // Fewer answers say more about themselves than about the next ones.
    private const int FewestAnswers = 5;

    /// <summary>Four characters a token, as is usual for English.</summary>
    public static TokenEstimate Assumed { get; } = new(AssumedPerCharacter, "assumed: 4 characters a token");

    /// <summary>By the provider's own counts; the assumption when there are too few.</summary>
    /// <param name="answers">How many calls were counted.</param>
    /// <param name="promptTokens">What the provider counted for them.</param>
    /// <param name="promptCharacters">How long their messages were.</param>
    public static TokenEstimate Measured(long answers, long promptTokens, long promptCharacters) =>
        answers < FewestAnswers || promptTokens <= 0 || promptCharacters <= 0
            ? Assumed
            : new TokenEstimate(
                (double)promptTokens / promptCharacters,
                FormattableString.Invariant($"measured: {(double)promptCharacters / promptTokens:0.0} characters a token in {answers} answers"));

    public long Tokens(long characters) => (long)Math.Ceiling(characters * TokensPerCharacter);

    /// <summary>Of a call's prompt, without what the provider's template adds.</summary>
    public long Prompt(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Tokens(request.Messages.Sum(m => (long)m.Content.Length));
    }
}
