using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;
using Cfx.Build.Ci;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Planning;
using Cfx.Build.Composition.Providers;
using Cfx.Core.Artifacts;
using Microsoft.Extensions.Logging;
using Path = System.IO.Path;

namespace Cfx.Build;

/// <summary>Around a run of stages: no second run in the same folder, no purchase without a budget, and the report as a build server's summary.</summary>
internal sealed class StudyLifetime(StudyRun run, ProviderSession providers, StudyMoney money, StudyForecast forecast, ICiSystem ci) : FrostingLifetime<StudyContext>
{
    private RunLock? _lock;

    public override void Setup(StudyContext context, ISetupContext info)
    {
        run.Executing = [.. info.TasksToExecute.Select(t => t.Name)];
        var makes = info.TasksToExecute.Any(t => StageTargets.IsStage(t.Name));
        if (makes)
        {
            providers.Serving.MayStopLeftovers = true;
            if (info.TasksToExecute.Any(t => t.Name.StartsWith(StageTargets.FineTune, StringComparison.OrdinalIgnoreCase)))
            {
                _ = providers.TrainingRole();
            }

            ProcessTargets.RequireSense(run);
        }
        else if (!info.TasksToExecute.Any(t => t.Name == StageTargets.Clean))
        {
            return;
        }

        _lock = RunLock.Acquire(Path.Combine(run.Root, ".cfx", "run.lock"), run.Time.GetUtcNow());
        if (makes && providers.IsSandbox)
        {
            run.Logger<StudyLifetime>().LogInformation(
                "The sandbox stands in for Together, with models and sizes of its own ({Generator}, {Base}, {Judge}); its numbers show that the pipeline works, not which method wins",
                run.Options.Text("process", "model"), run.Options.Text("finetune", "model"), run.Options.Text("evaluate", "judge"));
        }

        if (makes)
        {
            // The engine knows no asynchronous setup.
            var targets = info.TasksToExecute.Select(t => t.Name).ToList();
            Task.Run(() => PaidRunGate.RequireAsync(run, money, forecast, context.Console, targets, context.Cancelled)).GetAwaiter().GetResult();
        }
    }

    public override void Teardown(StudyContext context, ITeardownContext info)
    {
        try
        {
            if (_lock is not null && info.Successful && File.Exists(run.Layout.Report) && context.Report.Of(StageTargets.Analyze) is not null)
            {
                ci.Summarize(new FilePath(run.Layout.Report));
                ci.Publish(new DirectoryPath(run.Layout.ResultsFolder), run.Layout.Name);
            }

            // The engine knows no asynchronous teardown.
            Task.Run(EndAsync).GetAwaiter().GetResult();
            PaidRunGate.Summarize(run, money);
            money.Dispose();
        }
        finally
        {
            _lock?.Dispose();
        }
    }

    private async Task EndAsync()
    {
        await run.Jobs.DisposeAsync();
        await providers.DisposeAsync();
    }
}
