using Cfx.Core.Statistics;

namespace Cfx.Core.Auditing;

/// <summary>How the judge did.</summary>
/// <param name="Agreement">With the users' feedback.</param>
/// <param name="Reliability">Over the two orders.</param>
/// <param name="Failed">Calls that got no reply; worth running again.</param>
/// <param name="PromptTokens">Read by both models.</param>
/// <param name="CompletionTokens">Written by both models.</param>
public sealed record AuditSummary(FeedbackAgreementResult Agreement, JudgeReliabilityResult Reliability, int Failed, long PromptTokens, long CompletionTokens);
