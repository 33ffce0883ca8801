using System.Globalization;

namespace Cfx.KillSwitch;

/// <summary>When the process is to end, as the environment says.</summary>
/// <param name="Instants">The process ends at the first of these that comes.</param>
/// <param name="Log">A file that takes a line for every event; null for none.</param>
internal sealed record KillPlan(IReadOnlyList<KillPlan.Instant> Instants, string? Log)
{
    /// <summary>Reads KILL_SWITCH_AT (instants such as <c>Before:1:/split.jsonl</c>, apart by semicolons) and KILL_SWITCH_LOG; null for neither.</summary>
    public static KillPlan? FromEnvironment()
    {
        var at = Environment.GetEnvironmentVariable("KILL_SWITCH_AT") ?? string.Empty;
        var log = Environment.GetEnvironmentVariable("KILL_SWITCH_LOG");
        var instants = at.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Instant.Parse).ToList();
        return instants.Count == 0 && log is null ? null : new KillPlan(instants, log);
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
