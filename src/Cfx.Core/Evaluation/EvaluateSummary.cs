namespace Cfx.Core.Evaluation;

/// <summary>How a comparison came out.</summary>
/// <param name="Statistics">Counts, rates and tests.</param>
/// <param name="Judged">Judgments with a verdict.</param>
/// <param name="Unparsed">Judgments whose reply had no clear verdict, also when asked again.</param>
/// <param name="Failed">Judgments that got no reply; worth running again.</param>
/// <param name="AskedAgain">Judgments that took a second call.</param>
/// <param name="PromptTokens">Read by the judge, as far as the provider said.</param>
/// <param name="CompletionTokens">Written by the judge, as far as the provider said.</param>
public sealed record EvaluateSummary(
    ComparisonStatistics Statistics, int Judged, int Unparsed, int Failed, int AskedAgain, long PromptTokens, long CompletionTokens)
{
    /// <summary>Where the comparison stands, to be put behind its counts; empty once it has the pairs that were planned.</summary>
    public string Monitoring { get; init; } = string.Empty;
}
