using Cake.Core;
using Cfx.Build.Ci;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Host;

/// <summary>Runs tasks as the engine's own strategy does, and besides: starts none once the run was told to stop, folds each task's lines
/// on a build server, and writes down how each one ended.</summary>
public sealed class HostExecutionStrategy(
    IExecutionStrategy inner,
    RunReport report,
    RunCancellation cancellation,
    ICiSystem ci,
    ILogger<HostExecutionStrategy> logger) : IExecutionStrategy
{
    private string _task = string.Empty;

    public async Task ExecuteAsync(CakeTask task, ICakeContext context)
    {
        ArgumentNullException.ThrowIfNull(task);
        _task = task.Name;
        report.Enter(task.Name);
        var grouped = task.Actions.Count > 0;
        if (grouped)
        {
            ci.BeginGroup(task.Name);
        }

        try
        {
            cancellation.Token.ThrowIfCancellationRequested();
            await inner.ExecuteAsync(task, context);
        }
        catch (Exception e)
        {
            report.Set(task.Name, OutcomeOf(e));
            throw;
        }
        finally
        {
            if (grouped)
            {
                ci.EndGroup(task.Name);
            }
        }
    }

    public Task HandleErrorsAsync(Func<Exception, ICakeContext, Task> action, Exception exception, ICakeContext context)
    {
        foreach (var line in RunFailure.From(exception, cancellation.Token.IsCancellationRequested).Lines)
        {
            logger.LogWarning("{Target} failed: {Reason}", _task, line);
            ci.Warning($"{_task} failed: {line}");
        }

        return inner.HandleErrorsAsync(action, exception, context);
    }

    public void PerformSetup(Action<ISetupContext> action, ISetupContext context) => inner.PerformSetup(action, context);

    public void PerformTeardown(Action<ITeardownContext> action, ITeardownContext teardownContext) =>
        inner.PerformTeardown(action, teardownContext);

    public void Skip(CakeTask task, CakeTaskCriteria criteria) => inner.Skip(task, criteria);

    public Task ReportErrorsAsync(Func<Exception, Task> action, Exception exception) => inner.ReportErrorsAsync(action, exception);

    public Task InvokeFinallyAsync(Func<ICakeContext, Task> action, ICakeContext context) => inner.InvokeFinallyAsync(action, context);

    public void PerformTaskSetup(Action<ITaskSetupContext> action, ITaskSetupContext taskSetupContext) =>
        inner.PerformTaskSetup(action, taskSetupContext);

    public void PerformTaskTeardown(Action<ITaskTeardownContext> action, ITaskTeardownContext taskTeardownContext) =>
        inner.PerformTaskTeardown(action, taskTeardownContext);

    private TargetOutcome OutcomeOf(Exception exception)
    {
        if (RunFailure.PendingIn(exception) is { } pending)
        {
            return new TargetOutcome(TargetStatus.Pending, pending.Message);
        }

        return exception is OperationCanceledException && cancellation.Token.IsCancellationRequested
            ? new TargetOutcome(TargetStatus.Stopped)
            : new TargetOutcome(TargetStatus.Failed);
    }
}
