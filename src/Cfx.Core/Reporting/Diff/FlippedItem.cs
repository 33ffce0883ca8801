using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting.Diff;

/// <summary>A test item on which two studies disagree.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Before">The baseline's outcome, seen from model1.</param>
/// <param name="After">The other study's.</param>
public sealed record FlippedItem(string ItemId, OutcomeKind Before, OutcomeKind After);
