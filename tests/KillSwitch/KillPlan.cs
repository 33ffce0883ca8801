using System.Globalization;

namespace Cfx.KillSwitch;

/// <summary>When the process is to end, as the environment says.</summary>
/// <param name="Side">"Before" or "After"; null for both.</param>
/// <param name="PathEnd">The end of the written file's path; null for every file.</param>
/// <param name="Number">The process ends at this one of the matching events, 1 for the first; 0 for none.</param>
/// <param name="Log">A file that takes a line for every event; null for none.</param>
internal sealed record KillPlan(string? Side, string? PathEnd, int Number, string? Log)
{
    public static KillPlan? FromEnvironment()
    {
        var number = int.TryParse(Variable("KILL_SWITCH_NUMBER"), CultureInfo.InvariantCulture, out var n) ? n : 0;
        var log = Variable("KILL_SWITCH_LOG");
        return number == 0 && log is null ? null : new KillPlan(Variable("KILL_SWITCH_SIDE"), Variable("KILL_SWITCH_PATH"), number, log);
    }

    public bool Matches(string side, string path) =>
        (Side is null || Side == side) && (PathEnd is null || path.Replace('\\', '/').EndsWith(PathEnd, StringComparison.Ordinal));

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
