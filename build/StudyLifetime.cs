using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;
using Cfx.Build.Ci;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Providers;
using Cfx.Core.Artifacts;
using Microsoft.Extensions.Logging;
using Path = System.IO.Path;

namespace Cfx.Build;

/// <summary>Around a run of stages: no second run in the same folder, no run that costs money, and the report as a build server's summary.</summary>
internal sealed class StudyLifetime(StudyRun run, ProviderSession providers, ICiSystem ci) : FrostingLifetime<StudyContext>
{
    private RunLock? _lock;

    public override void Setup(StudyContext context, ISetupContext info)
    {
        var makes = info.TasksToExecute.Any(t => StageTargets.IsStage(t.Name));
        if (makes)
        {
            ProviderSession.RequireFree(run.Options);
            providers.Serving.MayStopLeftovers = true;
            if (info.TasksToExecute.Any(t => t.Name.StartsWith(StageTargets.FineTune, StringComparison.OrdinalIgnoreCase)))
            {
                _ = providers.TrainingRole();
            }

            run.Logger<StudyLifetime>().LogInformation(
                "The sandbox stands in for Together, with models and sizes of its own ({Generator}, {Base}, {Judge}); its numbers show that the pipeline works, not which method wins",
                run.Options.Text("process", "model"), run.Options.Text("finetune", "model"), run.Options.Text("evaluate", "judge"));
            ProcessTargets.RequireSense(run);
        }
        else if (!info.TasksToExecute.Any(t => t.Name == StageTargets.Clean))
        {
            return;
        }

        _lock = RunLock.Acquire(Path.Combine(run.Root, ".cfx", "run.lock"), run.Time.GetUtcNow());
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
            Task.Run(() => providers.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        }
        finally
        {
            _lock?.Dispose();
        }
    }
}
