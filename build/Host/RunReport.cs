using System.Collections.Concurrent;

namespace Cfx.Build.Host;

/// <summary>Collects what tasks say of themselves; the engine runs one at a time.</summary>
public sealed class RunReport : IRunReport
{
    private readonly ConcurrentDictionary<string, TargetOutcome> _outcomes = new(StringComparer.OrdinalIgnoreCase);
    private volatile string? _current;

    /// <summary>Whether anything is still going on elsewhere.</summary>
    public bool AnyPending => _outcomes.Values.Any(o => o.Status == TargetStatus.Pending);

    /// <summary>What follows is said by this task.</summary>
    public void Enter(string target) => _current = target;

    /// <summary>Writes down an outcome for a task other than the running one.</summary>
    public void Set(string target, TargetOutcome outcome) => _outcomes[target] = outcome;

    public void Executed(string? note = null) => Say(TargetStatus.Executed, note);

    public void UpToDate(string reason) => Say(TargetStatus.UpToDate, reason);

    public void Pending(string reason) => Say(TargetStatus.Pending, reason);

    public void Skipped(string reason) => Say(TargetStatus.Skipped, reason);

    public TargetOutcome? Of(string target) => _outcomes.GetValueOrDefault(target);

    private void Say(TargetStatus status, string? reason) =>
        _outcomes[_current ?? throw new InvalidOperationException("No task is running.")] = new TargetOutcome(status, reason);
}
