using System.Globalization;

namespace Cfx.KillSwitch;

/// <summary>When the process is to end, as the environment says.</summary>
/// <param name="Instants">The process ends at the first of these that comes.</param>
/// <param name="Kinds">The process also ends at the first write of a file that is of none of these kinds; null for no such end.</param>
/// <param name="Log">A file that takes a line for every event; null for none.</param>
internal sealed record KillPlan(IReadOnlyList<KillPlan.Instant> Instants, WriteKinds? Kinds, string? Log)
{
    /// <summary>Reads KILL_SWITCH_AT (instants such as <c>Before:1:/split.jsonl</c>, apart by semicolons), KILL_SWITCH_KINDS (a file, see
    /// <see cref="WriteKinds"/>) and KILL_SWITCH_LOG; null for none of them.</summary>
    public static KillPlan? FromEnvironment()
    {
        var at = Environment.GetEnvironmentVariable("KILL_SWITCH_AT") ?? string.Empty;
        var log = Environment.GetEnvironmentVariable("KILL_SWITCH_LOG");
        var instants = at.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Instant.Parse).ToList();
        var kinds = Environment.GetEnvironmentVariable("KILL_SWITCH_KINDS") is { Length: > 0 } path ? new WriteKinds(path) : null;
        return instants.Count == 0 && kinds is null && log is null ? null : new KillPlan(instants, kinds, log);
    }

    /// <summary>One kind of event, and which of them.</summary>
    /// <param name="Side">"Before" or "After".</param>
    /// <param name="PathEnd">The end of the written file's path.</param>
    /// <param name="Number">1 for the first that matches.</param>
    internal sealed record Instant(string Side, string PathEnd, int Number)
    {
        public static Instant Parse(string text)
        {
            var parts = text.Split(':', 3);
            return new Instant(parts[0], parts[2], int.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        public bool Matches(string side, string path) => Side == side && path.Replace('\\', '/').EndsWith(PathEnd, StringComparison.Ordinal);
    }
}
