using Cake.Core;

namespace Cake.Frosting;

/// <summary>A task as the engine sees it. Derive from <see cref="FrostingTask{T}"/> or <see cref="AsyncFrostingTask{T}"/> instead.</summary>
public interface IFrostingTask
{
    /// <summary>Shown beside the task when <see cref="ShouldRun"/> said no.</summary>
    string SkippedMessage => string.Empty;

    Task RunAsync(ICakeContext context);

    /// <summary>False skips the task; the engine refuses to skip a task that was asked for by name.</summary>
    bool ShouldRun(ICakeContext context);

    /// <summary>Called with what the task threw; returning normally means the error is dealt with.</summary>
    void OnError(Exception exception, ICakeContext context);

    /// <summary>Called after the task, whether it succeeded or not.</summary>
    void Finally(ICakeContext context);
}
