using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>What a finished run said.</summary>
internal sealed partial record Run(int ExitCode, string Output, string Error)
{
    /// <summary>The summary's rows: each target with its status.</summary>
    public IReadOnlyDictionary<string, string> Statuses { get; } = Row().Matches(Output)
        .ToDictionary(m => m.Groups["target"].Value, m => m.Groups["status"].Value, StringComparer.Ordinal);

    /// <summary>The targets that did something.</summary>
    public IEnumerable<string> Executed => Statuses.Where(s => s.Value == "Executed").Select(s => s.Key);

    /// <summary>The targets that --explain or --dryrun says would run.</summary>
    public IEnumerable<string> WouldRun => Outlook().Matches(Output).Select(m => m.Groups["target"].Value);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";

    [GeneratedRegex(@"^(?<target>[A-Z][\w-]*) +(-|[\d.]+ s|\d+ (min|h) .*?)  (?<status>Executed|Up to date|Failed|Pending|Stopped|Skipped|Would run)( \(.*)?\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"^(?<target>[A-Z][\w-]*):? +would run", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Outlook();
}
