namespace Cfx.Sandbox.Models;

/// <summary>One answer to learn.</summary>
/// <param name="Context">The features of the turns before it.</param>
/// <param name="Answer">The answer; the same object wherever the text is the same.</param>
internal sealed record TuningItem(SparseVector Context, Candidate Answer);
