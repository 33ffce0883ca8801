namespace Cfx.Build.Host;

/// <summary>What became of a target, or what would.</summary>
public enum TargetStatus
{
    Executed,
    UpToDate,
    WouldRun,
    Skipped,
    Pending,
    Failed,
    Stopped,
}
