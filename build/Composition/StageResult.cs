using Cfx.Core.Artifacts;

namespace Cfx.Build.Composition;

/// <summary>What a run of a stage came to.</summary>
/// <param name="Cost">What it used.</param>
/// <param name="Note">A few words for the summary.</param>
/// <param name="Unanswered">Items that got no reply and are to be asked again; above 0 the stage stays due.</param>
internal sealed record StageResult(StageCost Cost, string? Note = null, int Unanswered = 0);
