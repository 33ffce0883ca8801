namespace Cfx.Build.Composition.Planning;

/// <summary>What a pilot found.</summary>
/// <param name="Items">Training-side items per method.</param>
/// <param name="Rewritten">Items that a model was asked to rewrite, all methods together.</param>
/// <param name="Declined">Of those, without a better answer.</param>
/// <param name="Unusable">Of those, failed, refused, empty or cut off.</param>
/// <param name="Contexts">Test contexts that the base model was asked.</param>
/// <param name="Answered">Of those, whole answers.</param>
/// <param name="Pairs">Pairs of rewrites that were judged in both orders.</param>
/// <param name="Judgments">Verdicts that were asked for.</param>
/// <param name="Unparsed">Of those, without a clear verdict, also when asked again.</param>
/// <param name="OrderDisagreement">The share of pairs in which the orders disagree; null without a pair.</param>
/// <param name="TieRate">The share of pairs that end in a tie; null without a pair.</param>
/// <param name="PromptTokens">Read by all models, as far as providers said.</param>
/// <param name="CompletionTokens">Written by them.</param>
/// <param name="SpentUsd">What the pilot cost; answers that were there cost nothing.</param>
internal sealed record PilotResult(
    int Items, int Rewritten, int Declined, int Unusable, int Contexts, int Answered, int Pairs, int Judgments, int Unparsed,
    double? OrderDisagreement, double? TieRate, long PromptTokens, long CompletionTokens, decimal SpentUsd)
{
    public double? DeclineRate => Share(Declined, Rewritten);

    public double? ParseFailureRate => Share(Unparsed, Judgments);

    /// <summary>Answered calls, first judgments counted once.</summary>
    public int Calls => Rewritten + Contexts + Judgments;

    private static double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
