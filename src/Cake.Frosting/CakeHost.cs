using System.Reflection;
using Cake.Cli;
using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Cake.Frosting;

/// <summary>Runs the tasks of some assemblies on the Cake engine.</summary>
public sealed class CakeHost
{
    private readonly List<Assembly> _assemblies = [];
    private readonly List<Action<IServiceCollection>> _configure = [];

    public CakeHost()
    {
        if (Assembly.GetEntryAssembly() is { } entry)
        {
            _assemblies.Add(entry);
        }
    }

    public static CakeHost Create() => new();

    /// <summary>Takes in another assembly's tasks; the program's own are always in.</summary>
    public CakeHost AddAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        _assemblies.Add(assembly);
        return this;
    }

    /// <summary>Adds services for tasks and context to be given; they also replace the host's own.</summary>
    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _configure.Add(services);
        return this;
    }

    /// <summary>Does what the command line asks.</summary>
    /// <returns>The exit code: 0, or 1 after an error, or the code of a <see cref="CakeException"/>.</returns>
    public int Run(IEnumerable<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return RunAsync(args).GetAwaiter().GetResult();
    }

    private async Task<int> RunAsync(IEnumerable<string> args)
    {
        var services = new ServiceCollection();
        ICakeLog? log = null;
        try
        {
            var arguments = FrostingArguments.Parse(args);
            services.AddCakeCore(arguments.ToCakeArguments(), arguments.Verbosity);
            _configure.ForEach(c => c(services));
            if (arguments.WorkingDirectory is { } folder)
            {
                services.UseWorkingDirectory(folder);
            }

            await using var session = new FrostingSession(services, TaskCatalog.Scan(_assemblies, ContextType(services)));
            log = session.Services.GetRequiredService<ICakeLog>();
            var console = session.Services.GetRequiredService<IConsole>();
            if (arguments.Version)
            {
                console.WriteLine("{0}", typeof(ICakeEngine).Assembly.GetName().Version?.ToString(3) ?? "?");
                return 0;
            }

            if (arguments.Help)
            {
                WriteHelp(console, session.Catalog);
                return 0;
            }

            session.Register();
            await RunTargetsAsync(session, arguments, console);
            return 0;
        }
        catch (Exception e)
        {
            var cause = e is CakeReportException { InnerException: { } inner } ? inner : e;
            Report(log, cause);
            return cause is CakeException { ExitCode: > 0 } cake ? cake.ExitCode : 1;
        }
    }

    private static Type ContextType(ServiceCollection services) =>
        services.LastOrDefault(s => s.ServiceType != typeof(IFrostingContext) && typeof(IFrostingContext).IsAssignableFrom(s.ServiceType))?.ServiceType
        ?? typeof(FrostingContext);

    private static async Task RunTargetsAsync(FrostingSession session, FrostingArguments arguments, IConsole console)
    {
        var context = session.Context;
        var log = session.Services.GetRequiredService<ICakeLog>();
        Core.Scripting.ScriptHost host = arguments switch
        {
            { DryRun: true } => new DryRunScriptHost<ICakeContext>(session.Engine, context, log),
            { Tree: true } => new TreeScriptHost(session.Engine, context, console),
            { Description: true } => new DescriptionScriptHost(session.Engine, context, AnsiConsole.Console),
            _ => new BuildScriptHost<ICakeContext>(
                session.Engine,
                session.Services.GetRequiredService<IExecutionStrategy>(),
                context,
                session.Services.GetRequiredService<ICakeReportPrinter>(),
                session.Services.GetRequiredService<ICakeConfiguration>(),
                log),
        };
        if (arguments.Exclusive)
        {
            host.Settings.UseExclusiveTarget();
        }

        await host.RunTargetsAsync(arguments.Targets);
    }

    private static void WriteHelp(IConsole console, TaskCatalog catalog)
    {
        console.WriteLine("Usage: --target=NAME [--exclusive] [--dryrun | --tree | --description] [--verbosity=LEVEL] [--working=FOLDER]");
        foreach (var task in catalog.Tasks)
        {
            console.WriteLine("  {0}  {1}", task.Name, task.Description ?? string.Empty);
        }
    }

    private static void Report(ICakeLog? log, Exception exception)
    {
        if (log is null)
        {
            Console.Error.WriteLine($"Error: {exception.Message}");
            return;
        }

        log.Error("Error: {0}", log.Verbosity == Verbosity.Diagnostic ? exception.ToString() : exception.Message);
    }

}
