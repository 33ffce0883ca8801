using Cfx.Core.Artifacts;

namespace Cfx.Build.Composition;

/// <summary>What a run of a stage came to.</summary>
/// <param name="Cost">What it used.</param>
/// <param name="Note">A few words for the summary.</param>
/// <param name="Unanswered">Calls that got no usable reply for a reason that may pass; see <see cref="StageRunner"/>.</param>
internal sealed record StageResult(StageCost Cost, string? Note = null, int Unanswered = 0);
