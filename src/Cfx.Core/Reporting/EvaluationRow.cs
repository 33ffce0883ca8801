using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>What the analysis needs of one judged pair.</summary>
/// <param name="ItemId">The test item.</param>
/// <param name="ConversationId">Groups items for clustered errors.</param>
/// <param name="Outcome">Seen from model1.</param>
/// <param name="Cause">Why an incomplete pair is incomplete; null for a complete one.</param>
public sealed record EvaluationRow(string ItemId, string ConversationId, PairOutcome Outcome, IncompleteCause? Cause);
