using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;
using Cake.Frosting.Internal;
using Cfx.Build.Ci;
using Cfx.Build.Options;
using Cfx.Core.Redaction;

namespace Cfx.Build.Host;

/// <summary>The program: reads the command line, checks everything that can be checked without side effects, and then does what was asked.</summary>
public static class CfxHost
{
    /// <summary>The study file looked for when none is named.</summary>
    public const string StudyFileName = "study.json";

    /// <typeparam name="TContext">The context tasks get.</typeparam>
    /// <returns>0 done; 1 a stage failed; 2 asked wrongly; 3 work goes on elsewhere; 130 stopped.</returns>
    public static async Task<int> RunAsync<TContext>(CfxHostSettings settings)
        where TContext : class, IFrostingContext
    {
        ArgumentNullException.ThrowIfNull(settings);
        var mask = new SecretMask(settings.SecretVariables.Select(settings.Environment.GetEnvironmentVariable));
        var console = settings.Console ?? HostConsole.ForProcess(settings.Environment.GetEnvironmentVariable, mask);
        var commandLine = HostCommandLine.Parse(settings.Arguments, settings.Catalog);
        if (commandLine.Mode == RunMode.Version)
        {
            console.WriteLine($"{settings.Version} (Cake {typeof(ICakeEngine).Assembly.GetName().Version?.ToString(3)})");
            return 0;
        }

        var catalog = settings.TaskTypes is { } types
            ? TaskCatalog.Of(types, typeof(TContext))
            : TaskCatalog.Scan(settings.Assemblies, typeof(TContext));
        var graph = new TaskGraph(catalog);
        var faults = new List<string>([.. commandLine.Faults, .. graph.Faults(commandLine.Targets)]);
        var targets = commandLine.Targets.Select(t => catalog.Find(t)?.Name).OfType<string>().ToList();
        var options = await ReadOptionsAsync(settings, commandLine, graph, targets, faults);
        if (commandLine.Mode is RunMode.Run or RunMode.DryRun or RunMode.Explain)
        {
            var plan = new RunPlan(settings, commandLine, graph, targets, options, console, mask);
            return await HostRun.ExecuteAsync<TContext>(plan, faults);
        }

        if (faults.Count > 0)
        {
            return Refuse(settings, console, faults);
        }

        var overview = new OverviewPrinter(console, graph, settings);
        switch (commandLine.Mode)
        {
            case RunMode.Tree:
                overview.WriteTree(targets);
                break;
            case RunMode.Description:
                overview.WriteDescriptions(targets.Count > 0 ? graph.Order(targets) : [.. catalog.Tasks.Select(t => t.Name)]);
                break;
            case RunMode.Help:
                overview.WriteHelp(targets);
                break;
            default:
                overview.WriteOverview();
                break;
        }

        return 0;
    }

    /// <summary>Prints what was asked wrongly, and marks it on a build server.</summary>
    internal static int Refuse(CfxHostSettings settings, HostConsole console, IEnumerable<string> faults)
    {
        var ci = CiSystems.Detect(settings.Environment, new FileSystem(), new ConsoleMessageWriter(console), settings.Clock);
        foreach (var fault in faults.Distinct(StringComparer.Ordinal))
        {
            console.WriteErrorLine(console.Colour("error: ", 31) + fault);
            ci.Error(fault);
        }

        return 2;
    }

    private static async Task<OptionValues> ReadOptionsAsync(
        CfxHostSettings settings,
        HostCommandLine commandLine,
        TaskGraph graph,
        List<string> targets,
        List<string> faults)
    {
        var fromFile = StudyFileContent.Empty;
        IReadOnlyList<OptionValue> fromLine = [];
        if (commandLine.Mode is RunMode.Run or RunMode.DryRun or RunMode.Explain)
        {
            fromFile = await ReadStudyFileAsync(settings, commandLine);
            faults.AddRange(fromFile.Faults);
        }

        // With an unknown target among them, half of the names would be called unknown too.
        if (targets.Count > 0 && targets.Count == commandLine.Targets.Count && commandLine.Mode != RunMode.Help)
        {
            var resolver = new OptionResolver(settings.Catalog, [.. HostCommandLine.HostOptions.Select(o => o.Name)]);
            fromLine = resolver.Resolve(commandLine.Tokens, graph.ScopeOf(targets), faults);
        }

        var values = new OptionValues(
            settings.Catalog,
            [.. fromFile.Values, .. fromLine],
            fromFile.Arms,
            asked => settings.ResolveProvider(asked, settings.Environment),
            new Redactor(fromFile.Redact));
        faults.AddRange(settings.CheckOptions?.Invoke(values) ?? []);
        return values;
    }

    private static async Task<StudyFileContent> ReadStudyFileAsync(CfxHostSettings settings, HostCommandLine commandLine)
    {
        var shownAs = commandLine.StudyFile ?? StudyFileName;
        var path = new FilePath(shownAs).MakeAbsolute(settings.Environment).FullPath;
        if (File.Exists(path))
        {
            return await StudyFile.ReadAsync(path, shownAs, settings.Catalog, CancellationToken.None);
        }

        return commandLine.StudyFile is null
            ? StudyFileContent.Empty
            : StudyFileContent.Empty with { Faults = [$"The study file {shownAs} does not exist."] };
    }
}
