using System.Runtime.InteropServices;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Frosting;
using Cake.Frosting.Internal;
using Cfx.Build.Ci;
using Cfx.Build.Logging;
using Cfx.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog.Extensions.Logging;

namespace Cfx.Build.Host;

/// <summary>The part of the host that makes services: a run, or the look ahead of one.</summary>
internal static class HostRun
{
    /// <param name="plan">What to do.</param>
    /// <param name="faults">What is already known to be wrong; nothing runs unless this stays empty.</param>
    public static async Task<int> ExecuteAsync<TContext>(RunPlan plan, List<string> faults)
        where TContext : class, IFrostingContext
    {
        var settings = plan.Settings;
        var folder = settings.LogToFile && faults.Count == 0
            ? System.IO.Path.Combine(settings.Environment.WorkingDirectory.FullPath, ".cfx", "logs")
            : null;
        await using var logger = LogSetup.Create(plan.Console, plan.CommandLine.Verbosity, folder, plan.Mask);
        using var cancellation = new RunCancellation(settings.Leave);
        using var signals = settings.HandleSignals ? new SignalWatch(cancellation) : null;
        var services = CreateServices<TContext>(plan, logger, cancellation);
        try
        {
            settings.ConfigureServices?.Invoke(services, plan.Options);
        }
        catch (MisuseException e)
        {
            faults.Add(e.Message);
            return CfxHost.Refuse(settings, plan.Console, faults);
        }

        try
        {
            await using var session = new FrostingSession(services, plan.Graph.Catalog);
            faults.AddRange(session.Construct().Except(plan.Graph.Catalog.Faults).Select(f => f.Message.ReplaceLineEndings(" ")));
            return faults.Count > 0
                ? CfxHost.Refuse(settings, plan.Console, faults)
                : await RunAsync(plan, session, cancellation);
        }
        catch (Exception e)
        {
            return Fail(plan, e, cancellation);
        }
    }

    private static ServiceCollection CreateServices<TContext>(RunPlan plan, Serilog.Core.Logger logger, RunCancellation cancellation)
        where TContext : class, IFrostingContext
    {
        var verbosity = plan.CommandLine.Verbosity;
        var services = new ServiceCollection();
        services.AddCakeCore(plan.ToCakeArguments(), verbosity);
        services.AddSingleton(plan.Settings.Environment);
        services.AddSingleton(plan.Settings.Clock);
        services.AddSingleton(plan.Settings.Catalog);
        services.AddSingleton(plan.Options);
        services.AddSingleton(plan.Console);
        services.AddSingleton(plan.Mask);
        services.AddSingleton(plan.Graph);
        services.AddSingleton(cancellation);
        services.AddSingleton(new RunReport());
        services.AddSingleton<IRunReport>(static p => p.GetRequiredService<RunReport>());
        services.AddSingleton<IProgressSink>(new ConsoleProgress(plan.Console, plan.Settings.Clock, verbosity < Verbosity.Normal));
        services.AddSingleton<ILoggerFactory>(_ => new SerilogLoggerFactory(logger));
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<ICakeLog>(new SerilogCakeLog(logger, verbosity));
        services.AddSingleton<IConsole>(new HostCakeConsole(plan.Console));
        services.AddSingleton(p => CiSystems.Detect(
            p.GetRequiredService<ICakeEnvironment>(),
            p.GetRequiredService<IFileSystem>(),
            new ConsoleMessageWriter(plan.Console),
            plan.Settings.Clock));
        services.AddSingleton<ICakeReportPrinter>(p => new SummaryPrinter(plan.Console, p.GetRequiredService<RunReport>(), plan.Graph, verbosity));
        services.AddSingleton<IExecutionStrategy>(p => new HostExecutionStrategy(
            new DefaultExecutionStrategy(p.GetRequiredService<ICakeLog>(), p.GetRequiredService<ICakeReportPrinter>()),
            p.GetRequiredService<RunReport>(),
            cancellation,
            p.GetRequiredService<ICiSystem>(),
            p.GetRequiredService<ILogger<HostExecutionStrategy>>()));
        services.UseContext<TContext>();
        return services;
    }

    private static async Task<int> RunAsync(RunPlan plan, FrostingSession session, RunCancellation cancellation)
    {
        if (plan.CommandLine.Mode != RunMode.Run)
        {
            var outlook = new OutlookRunner(session, plan.Graph, plan.Console);
            await outlook.RunAsync(plan.Order(), plan.CommandLine.Mode == RunMode.Explain, cancellation.Token);
            return 0;
        }

        var outcomes = session.Services.GetRequiredService<RunReport>();
        session.Register(new FrostingRegistration
        {
            Entering = outcomes.Enter,
            SkipsQuietly = n => plan.Targets.Contains(n, StringComparer.OrdinalIgnoreCase),
            Skipped = (name, message) =>
            {
                if (outcomes.Of(name) is null)
                {
                    outcomes.Set(name, new TargetOutcome(TargetStatus.Skipped, message.Length > 0 ? message : "its condition was not met"));
                }
            },
            LeavesOut = plan.LeavesOut,
        });
        await RunTargetsAsync(plan, session);
        if (cancellation.Token.IsCancellationRequested)
        {
            return Fail(plan, new OperationCanceledException(cancellation.Token), cancellation);
        }

        return outcomes.AnyPending ? 3 : 0;
    }

    private static async Task RunTargetsAsync(RunPlan plan, FrostingSession session)
    {
        var settings = new ExecutionSettings().SetTargets(plan.Targets).UseUnifiedDependencyGraphForMultipleTargets(true);
        if (plan.CommandLine.Exclusive)
        {
            settings.UseExclusiveTarget();
        }

        var printer = session.Services.GetRequiredService<ICakeReportPrinter>();
        var strategy = session.Services.GetRequiredService<IExecutionStrategy>();
        try
        {
            printer.Write(await session.Engine.RunTargetAsync(session.Context, strategy, settings));
        }
        catch (CakeReportException e)
        {
            printer.Write(e.Report);
            throw;
        }
    }

    private static int Fail(RunPlan plan, Exception exception, RunCancellation cancellation)
    {
        var failure = RunFailure.From(exception, cancellation.Token.IsCancellationRequested);
        if (failure.ExitCode == 2)
        {
            CfxHost.Refuse(plan.Settings, plan.Console, failure.Lines);
        }
        else
        {
            var ci = CiSystems.Detect(plan.Settings.Environment, new FileSystem(), new ConsoleMessageWriter(plan.Console), plan.Settings.Clock);
            foreach (var line in failure.Lines)
            {
                Tell(plan.Console, ci, failure.ExitCode, line);
            }
        }

        if (plan.CommandLine.Verbosity == Verbosity.Diagnostic)
        {
            plan.Console.WriteErrorLine(exception.ToString());
        }

        return failure.ExitCode;
    }

    private static void Tell(HostConsole console, ICiSystem ci, int exitCode, string line)
    {
        switch (exitCode)
        {
            case 3:
                console.WriteLine(console.Colour("pending: ", 33) + line);
                ci.Warning(line);
                break;
            case RunCancellation.ExitCode:
                console.WriteErrorLine(line);
                break;
            default:
                console.WriteErrorLine(console.Colour("error: ", 31) + line);
                ci.Error(line);
                break;
        }
    }

    private sealed class SignalWatch : IDisposable
    {
        private readonly List<PosixSignalRegistration> _registrations = [];

        public SignalWatch(RunCancellation cancellation)
        {
            PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, .. HangUp.IsIgnored() ? Array.Empty<PosixSignal>() : [PosixSignal.SIGHUP]];
            foreach (var signal in signals)
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    if (signal is PosixSignal.SIGHUP)
                    {
                        cancellation.HangUp();
                    }
                    else
                    {
                        cancellation.Signal();
                    }
                }));
            }
        }

        public void Dispose() => _registrations.ForEach(static r => r.Dispose());
    }
}
