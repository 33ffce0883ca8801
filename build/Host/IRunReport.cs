namespace Cfx.Build.Host;

/// <summary>Where the running task says what became of it. A task that says nothing and throws nothing was executed; one that only gathers
/// others is up to date when all of them are.</summary>
public interface IRunReport
{
    /// <param name="note">A few words for the summary, such as a count; null for none.</param>
    void Executed(string? note = null);

    /// <param name="reason">Why there was nothing to do.</param>
    void UpToDate(string reason);

    /// <summary>Something goes on elsewhere; throw <see cref="Cfx.Core.WorkPendingException"/> as well if what follows needs it.</summary>
    void Pending(string reason);

    /// <param name="reason">Why the task was left out of this run.</param>
    void Skipped(string reason);

    /// <summary>What a task that has ended said, or null.</summary>
    TargetOutcome? Of(string target);
}
