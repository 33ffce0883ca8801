using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>How two judges agree on the pairs that both judged in both orders.</summary>
/// <param name="Judge1">One judge's model.</param>
/// <param name="Judge2">The other's.</param>
/// <param name="Agreement">Over model1, tie, model2.</param>
public sealed record JudgePairAgreement(string Judge1, string Judge2, VerdictAgreementResult Agreement);
