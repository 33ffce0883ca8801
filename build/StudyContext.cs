using Cake.Core;
using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Host;

namespace Cfx.Build;

/// <summary>What every task works with.</summary>
/// <param name="context">Cake's own context.</param>
/// <param name="run">The study and its services.</param>
/// <param name="stages">Makes what is not up to date.</param>
/// <param name="report">Told what became of a task.</param>
/// <param name="cancellation">The wish to stop.</param>
/// <param name="graph">The targets.</param>
/// <param name="console">For what a person asked to see.</param>
internal sealed class StudyContext(
    ICakeContext context, StudyRun run, StageRunner stages, IRunReport report, RunCancellation cancellation, TaskGraph graph, HostConsole console)
    : FrostingContext(context)
{
    public StudyRun Run { get; } = run;

    public StageRunner Stages { get; } = stages;

    public IRunReport Report { get; } = report;

    public CancellationToken Cancelled { get; } = cancellation.Token;

    public HostConsole Console { get; } = console;

    /// <summary>The targets that one gathers: those right before it, but for what they themselves depend on (Process gathers no Split).</summary>
    public IReadOnlyList<string> Gathered(string target)
    {
        var before = graph.Before(target);
        return [.. before.Where(b => !before.Any(other => other != b && graph.Order([other]).Contains(b, StringComparer.OrdinalIgnoreCase)))];
    }

    /// <summary>Whether a target is to be made even if it is up to date: asked for by name with --force, or gathered by one that was.
    /// The split is drawn anew only when it is named itself.</summary>
    public bool IsForced(string target)
    {
        var asked = Arguments.GetArguments("target");
        return Run.Options.Flag("study", "force")
            && asked.Any(a => a.Equals(target, StringComparison.OrdinalIgnoreCase)
                || (target != StageTargets.Split
                    && (a.Equals(StageTargets.Study, StringComparison.OrdinalIgnoreCase)
                        || (StageTargets.Gathers(a) && graph.Before(a).Contains(target, StringComparer.OrdinalIgnoreCase)))));
    }
}
