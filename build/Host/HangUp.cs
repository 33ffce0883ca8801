using System.Globalization;

namespace Cfx.Build.Host;

/// <summary>The signal that a terminal sends when it is closed.</summary>
internal static class HangUp
{
    private const string Ignored = "SigIgn:";

    /// <summary>Whether whoever started this process has it ignore the signal, as nohup does: a handler would undo that.</summary>
    /// <returns>False where the system does not say, as outside of Linux.</returns>
    public static bool IsIgnored()
    {
        try
        {
            return IsIgnored(File.ReadAllText("/proc/self/status"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <param name="status">What Linux tells of a process: a line holds the ignored signals as a hexadecimal mask, the lowest bit for SIGHUP.</param>
    public static bool IsIgnored(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var line = status.Split('\n').FirstOrDefault(l => l.StartsWith(Ignored, StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line[Ignored.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) && (mask & 1) != 0;
    }
}
