using Cfx.Core.Artifacts;

namespace Cfx.Build.Composition;

/// <summary>One artifact with the way to make it; a target has one or several.</summary>
/// <param name="Recipe">What decides the artifact.</param>
/// <param name="MakeAsync">Makes it; the recipe's outputs stand when it returns. The flag says whether it is forced.</param>
internal sealed record StageUnit(StageRecipe Recipe, Func<bool, CancellationToken, Task<StageResult>> MakeAsync)
{
    /// <summary>Has the answers that the artifact needs begun to be bought by batch, without waiting for them; null where that is not wanted.</summary>
    public Func<CancellationToken, Task>? AheadAsync { get; init; }

    /// <summary>Called once when the artifact was made, after the last round of asking: what was only held for it can go.</summary>
    public Func<CancellationToken, Task> AfterAsync { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Units of other targets of the same run, whose batches may as well be under way at the same time.</summary>
    public Func<IEnumerable<StageUnit>> Beside { get; init; } = static () => [];

    /// <summary>Says why what the artifact stands for is gone, although the artifact is there; null when it is not.</summary>
    public Func<string?> Lost { get; init; } = static () => null;

    /// <summary>Whether the units after it are made although this one fails, since what they stand for was begun with it.</summary>
    public bool IsApart { get; init; }
}
