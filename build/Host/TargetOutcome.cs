namespace Cfx.Build.Host;

/// <summary>A target's status with the reason shown in brackets; null where there is none to tell.</summary>
public sealed record TargetOutcome(TargetStatus Status, string? Reason = null)
{
    /// <summary>As it stands in the summary.</summary>
    public override string ToString()
    {
        var word = Status switch
        {
            TargetStatus.UpToDate => "Up to date",
            TargetStatus.WouldRun => "Would run",
            _ => Status.ToString(),
        };
        return string.IsNullOrWhiteSpace(Reason) ? word : $"{word} ({Reason})";
    }
}
