namespace Cfx.Build.Host;

/// <summary>Says what became of a task that only gathers others, from what became of those.</summary>
public static class OutcomeDeriver
{
    /// <param name="before">Outcomes of the tasks it gathers.</param>
    public static TargetOutcome Derive(IReadOnlyList<(string Target, TargetOutcome Outcome)> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        foreach (var status in new[] { TargetStatus.Failed, TargetStatus.Pending, TargetStatus.WouldRun, TargetStatus.Executed })
        {
            var those = before.Where(b => b.Outcome.Status == status).Select(b => b.Target).ToList();
            if (those.Count > 0)
            {
                return new TargetOutcome(status, status == TargetStatus.Executed ? null : string.Join(", ", those));
            }
        }

        if (before.Count == 0)
        {
            return new TargetOutcome(TargetStatus.Executed);
        }

        return before.All(b => b.Outcome.Status == TargetStatus.Skipped)
            ? new TargetOutcome(TargetStatus.Skipped, "nothing it gathers was to run")
            : new TargetOutcome(TargetStatus.UpToDate, "all it gathers is");
    }
}
