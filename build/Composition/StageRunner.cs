using Cfx.Build.Host;
using Cfx.Core.Artifacts;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition;

/// <summary>Makes those artifacts of a target that are not up to date.</summary>
internal sealed class StageRunner(ArtifactStore store, TimeProvider time, ILogger logger)
{
    /// <summary>How often a stage asks for what got no reply: at first, and again in the same run.</summary>
    public const int Rounds = 3;

    private static readonly HashSet<string> Nothing = [];

    /// <summary>Called before anything is made for which a provider is asked.</summary>
    public Func<CancellationToken, Task> BeforeAsking { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Whether items that got no reply are left out for good instead of failing their target.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>How long to wait before the second round; before the third twice that. The sandbox is not waited for.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Looks at all, changes nothing.</summary>
    public async Task<StageOutlook> InspectAsync(
        IReadOnlyList<StageUnit> units, IReadOnlySet<string> wouldRun, bool force, CancellationToken cancellationToken)
    {
        var due = new List<string>();
        var standing = new List<string>();
        foreach (var unit in units)
        {
            var inspection = await LookAsync(unit, wouldRun, force, cancellationToken);
            (inspection.UpToDate ? standing : due).AddRange(inspection.Reasons);
        }

        return new StageOutlook(due.Count == 0, [.. (due.Count == 0 ? standing : due).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether an artifact is to be made in this run. Changes nothing.</summary>
    public async Task<bool> IsDueAsync(StageUnit unit, bool force, CancellationToken cancellationToken) =>
        !(await LookAsync(unit, Nothing, force, cancellationToken)).UpToDate;

    /// <summary>Makes what is due, one after another, and tells the report. Work that goes on elsewhere does not keep the next from being begun.</summary>
    public async Task RunAsync(IReadOnlyList<StageUnit> units, bool force, IRunReport report, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        var pending = new List<string>();
        var failed = new List<Core.CfxException>();
        string? upToDate = null;
        var made = 0;
        await BeginAsync(units, force, cancellationToken);
        foreach (var unit in units)
        {
            var inspection = await LookAsync(unit, Nothing, force, cancellationToken);
            if (inspection.UpToDate)
            {
                upToDate ??= inspection.Reasons[0];
                continue;
            }

            foreach (var reason in inspection.Reasons)
            {
                logger.LogInformation("{Artifact}: {Reason}", Path.GetFileName(unit.Recipe.Outputs[0]), reason);
            }

            RequireInputs(unit, inspection);
            await RequireNothingPaidAsync(unit.Recipe, cancellationToken);
            if (unit.Recipe.Provider.Length > 0)
            {
                await BeforeAsking(cancellationToken);
            }

            var started = time.GetTimestamp();
            StageResult result;
            try
            {
                result = await MakeAsync(unit, force, cancellationToken);
            }
            catch (Core.WorkPendingException e)
            {
                pending.Add(e.Message);
                continue;
            }
            catch (Core.CfxException e) when (unit.IsApart)
            {
                failed.Add(e);
                continue;
            }

            made++;
            if (result.Note is not null)
            {
                notes.Add(result.Note);
            }

            if (result.Unanswered > 0 && !AllowMissing)
            {
                // What comes next would be made, and paid for, without them, and then once more with them.
                failed.Add(new Core.StageFailedException(
                    $"{result.Unanswered} calls for {Path.GetFileName(unit.Recipe.Outputs[0])} got no usable reply in {Rounds} rounds; .cfx/logs has the reasons. All other answers are kept: "
                    + "run again to ask only for these, or go on without them with --allow-missing."));
                continue;
            }

            if (result.Unanswered > 0)
            {
                logger.LogWarning("{Count} calls for {Artifact} got no usable reply and are left out (--allow-missing)", result.Unanswered, Path.GetFileName(unit.Recipe.Outputs[0]));
            }

            await store.CommitAsync(unit.Recipe, inspection, started, result.Cost, cancellationToken);
        }

        if (failed.Count > 0)
        {
            throw failed.Count == 1 && pending.Count == 0
                ? failed[0]
                : new AggregateException([.. failed, .. pending.Select(p => new Core.WorkPendingException(p))]);
        }

        if (pending.Count > 0)
        {
            report.Pending(string.Join(" ", pending));
        }
        else if (made > 0)
        {
            report.Executed(notes.Count == 0 ? null : string.Join("; ", notes));
        }
        else if (upToDate is not null)
        {
            report.UpToDate(upToDate);
        }
    }

    // What was answered comes from the response store, so that a further round asks only for the rest.
    private async Task<StageResult> MakeAsync(StageUnit unit, bool force, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var result = await unit.MakeAsync(force, cancellationToken);
            if (result.Unanswered == 0 || round == Rounds)
            {
                await unit.AfterAsync(cancellationToken);
                return result;
            }

            var pause = unit.Recipe.Sandbox ? TimeSpan.Zero : Pause * round;
            logger.LogWarning(
                "{Count} calls for {Artifact} got no usable reply; asking for them again in {Pause:0} s (round {Round} of {Rounds})",
                result.Unanswered, Path.GetFileName(unit.Recipe.Outputs[0]), pause.TotalSeconds, round + 1, Rounds);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    // A batch may take a day: those of all artifacts that are due go out before any is waited for.
    private async Task BeginAsync(IReadOnlyList<StageUnit> units, bool force, CancellationToken cancellationToken)
    {
        var all = units.Concat(units.SelectMany(u => u.Beside())).DistinctBy(u => u.Recipe.Outputs[0], StringComparer.Ordinal).Where(u => u.AheadAsync is not null).ToList();
        foreach (var unit in all.Count > 1 ? all : [])
        {
            var inspection = await LookAsync(unit, Nothing, force, cancellationToken);
            if (!inspection.UpToDate && unit.Recipe.Inputs.All(i => inspection.InputHashes.ContainsKey(i.Path)))
            {
                await BeforeAsking(cancellationToken);
                await unit.AheadAsync!(cancellationToken);
            }
        }
    }

    private async Task<StageInspection> LookAsync(StageUnit unit, IReadOnlySet<string> wouldRun, bool force, CancellationToken cancellationToken)
    {
        var inspection = await store.InspectAsync(unit.Recipe, wouldRun, force, cancellationToken);
        return inspection.UpToDate && unit.Lost() is { } loss ? inspection with { UpToDate = false, Reasons = [loss] } : inspection;
    }

    // Within a study the names differ; an output that the user named may hit a file that cost money.
    private async Task RequireNothingPaidAsync(StageRecipe recipe, CancellationToken cancellationToken)
    {
        if (!recipe.Paid && await store.ManifestAsync(recipe.Outputs[0], cancellationToken) is { IsPaid: true } manifest)
        {
            throw new Core.MisuseException(
                $"'{recipe.Outputs[0]}' was made by {manifest.Provider} and paid for; {recipe.Stage} would replace it by what cost nothing. "
                + "Give another --output, or move the file away.");
        }
    }

    private static void RequireInputs(StageUnit unit, StageInspection inspection)
    {
        if (unit.Recipe.Inputs.FirstOrDefault(i => !inspection.InputHashes.ContainsKey(i.Path)) is { } missing)
        {
            var remedy = missing.MadeBy is null ? "Give its path, or put it there." : $"Run the target {missing.MadeBy} first.";
            throw new Core.MisuseException($"{unit.Recipe.Stage} needs '{missing.Path}', which does not exist. {remedy}");
        }
    }
}
