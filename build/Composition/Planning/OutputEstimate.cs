using Cfx.Together.Store;

namespace Cfx.Build.Composition.Planning;

/// <summary>How long a model's answers may be.</summary>
/// <param name="Tokens">Of one answer.</param>
/// <param name="Method">How that is known, for people.</param>
internal sealed record OutputEstimate(PlanRange Tokens, string Method)
{
    private const long FewestAnswers = 5;

    /// <summary>By the answers so far; else by what is assumed.</summary>
    /// <param name="usage">The stage's calls to the model so far.</param>
    /// <param name="maxTokens">Where answers are cut off.</param>
    /// <param name="assumed">Tokens, where there are too few answers.</param>
    /// <param name="why">What that rests on.</param>
    public static OutputEstimate Of(IReadOnlyCollection<ModelUsage> usage, long maxTokens, decimal assumed, string why)
    {
        var answers = usage.Sum(u => u.Answers);
        if (answers < FewestAnswers)
        {
            var most = Math.Min(maxTokens, assumed);
            return new OutputEstimate(new PlanRange(most / 2, most, maxTokens), $"answers assumed: {why}");
        }

        var mean = Math.Min(maxTokens, (decimal)usage.Sum(u => u.CompletionTokens) / answers);
        return new OutputEstimate(
            new PlanRange(mean * 0.9m, mean, Math.Min(maxTokens, mean * 1.25m)), FormattableString.Invariant($"answers measured: {mean:0} tokens in {answers} answers"));
    }
}
