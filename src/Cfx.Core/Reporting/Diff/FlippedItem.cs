namespace Cfx.Core.Reporting.Diff;

/// <summary>A test item on which two studies disagree, if only in one verdict within a tie.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Before">What the baseline says.</param>
/// <param name="After">What the other study says.</param>
public sealed record FlippedItem(string ItemId, JudgedItem Before, JudgedItem After)
{
    /// <summary>Whether the pair came out otherwise, not only its verdicts.</summary>
    public bool IsOutcome => Before.Outcome.Outcome != After.Outcome.Outcome;

    /// <summary>How many of the two orders' verdicts differ, 0 to 2; 0 where the files do not tell verdicts.</summary>
    public int Verdicts => (Before.Normal != After.Normal ? 1 : 0) + (Before.Reversed != After.Reversed ? 1 : 0);
}
