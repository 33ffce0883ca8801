namespace Cfx.Sandbox.Models;

/// <summary>One answer to learn.</summary>
/// <param name="Context">The features of the turns before it.</param>
/// <param name="Answer">The answer; the same object wherever the text is the same.</param>
internal sealed record TuningItem(SparseVector Context, Candidate Answer)
{
    /// <summary>The answer that it was preferred to; null where no two are compared.</summary>
    public Candidate? Rejected { get; init; }

    /// <summary>By how much the model that training began with scored the preferred answer above the other.</summary>
    public double ReferenceMargin { get; init; }
}
