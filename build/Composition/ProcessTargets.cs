using Cfx.Core;

namespace Cfx.Build.Composition;

/// <summary>What the processing targets make: the study's files, or a file of their own.</summary>
internal static class ProcessTargets
{
    /// <summary>One method's conversations; nothing when no arm of the study uses the method and no file was asked for.</summary>
    public static IEnumerable<StageUnit> OneMethod(StudyRun run, string target, string method)
    {
        // As part of a larger run the file names on the command line are not this target's.
        if (run.IsRequested(target) && IsJobOfItsOwn(run))
        {
            return [OfItsOwn(run, method)];
        }

        return run.Plan.Methods.Contains(method) ? [Stages.ProcessUnit.Create(run, method)] : [];
    }

    /// <summary>The methods that have no target of their own; or the one asked for with --method.</summary>
    public static IEnumerable<StageUnit> AllMethods(StudyRun run)
    {
        var method = run.Options.TextOrNull("process", "method");
        if (run.IsRequested(StageTargets.Process) && IsJobOfItsOwn(run))
        {
            IReadOnlyList<string> methods = method is null ? run.Plan.Methods : [method];
            return run.Options.TextOrNull("process", "output") is { } output && methods.Count > 1
                ? throw new MisuseException($"--output {output} is one file, but there are {methods.Count} methods; give --method too.")
                : methods.Select(m => OfItsOwn(run, m));
        }

        return method is not null
            ? [Stages.ProcessUnit.Create(run, method)]
            : run.Plan.Methods.Where(m => StageTargets.ForMethod(m) == StageTargets.Process).Select(m => Stages.ProcessUnit.Create(run, m));
    }

    /// <summary>Refuses file names that cannot be meant, before the targets in front of Process have run for nothing.</summary>
    /// <exception cref="MisuseException">One output for several methods, or the input as output.</exception>
    public static void RequireSense(StudyRun run)
    {
        if (run.IsRequested(StageTargets.Process))
        {
            _ = AllMethods(run).ToList();
        }
    }

    private static bool IsJobOfItsOwn(StudyRun run) =>
        run.Options.TextOrNull("process", "input") is not null || run.Options.TextOrNull("process", "output") is not null;

    private static StageUnit OfItsOwn(StudyRun run, string method)
    {
        var given = run.Options.TextOrNull("process", "input");
        var input = given is null ? run.Layout.TrainingItems : run.Full(given);
        var output = run.Full(run.Options.TextOrNull("process", "output") ?? $"data/{Path.GetFileNameWithoutExtension(input)}_{method}.json");
        return output == input
            ? throw new MisuseException($"--output is the input '{input}' itself; give another file.")
            : Stages.ProcessUnit.Create(run, method, input, given is null ? StageTargets.Split : null, output);
    }
}
