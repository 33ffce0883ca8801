using Cake.Core.Diagnostics;
using Cfx.Build.Options;

namespace Cfx.Build.Host;

/// <summary>A command line taken apart: what is for the host, and the options that are still to be understood.</summary>
/// <param name="Mode">What to do.</param>
/// <param name="Targets">As typed, in order, each once.</param>
/// <param name="Exclusive">Runs the targets without those they depend on.</param>
/// <param name="Verbosity">How much to say.</param>
/// <param name="StudyFile">The study file named on the command line; null for the usual one.</param>
/// <param name="Tokens">Everything else that looks like an option.</param>
/// <param name="Faults">What is wrong so far, one line each.</param>
public sealed record HostCommandLine(
    RunMode Mode,
    IReadOnlyList<string> Targets,
    bool Exclusive,
    Verbosity Verbosity,
    string? StudyFile,
    IReadOnlyList<OptionToken> Tokens,
    IReadOnlyList<string> Faults)
{
    /// <summary>The host's own options with their help, without dashes.</summary>
    public static IReadOnlyList<(string Name, string Help)> HostOptions { get; } =
    [
        ("target", "What to make; may be repeated. Short: -t."),
        ("dryrun", "Says what would run, and runs nothing."),
        ("explain", "Says for each target why it would run or what makes it up to date."),
        ("tree", "Draws what depends on what."),
        ("description", "Lists the targets with their descriptions."),
        ("exclusive", "Runs the targets without those they depend on."),
        ("verbosity", "quiet, minimal, normal, verbose or diagnostic, or their first letters. Short: -v."),
        ("config", "The study file, if not study.json."),
        ("help", "This list, or a target's options. Short: -h."),
        ("version", "The version."),
    ];

    private static readonly (string Name, RunMode Mode)[] Modes =
    [
        ("version", RunMode.Version), ("help", RunMode.Help), ("tree", RunMode.Tree), ("description", RunMode.Description),
        ("explain", RunMode.Explain), ("dryrun", RunMode.DryRun),
    ];

    /// <param name="args">As the program got them.</param>
    /// <param name="catalog">Tells flags from options that take a value.</param>
    public static HostCommandLine Parse(IReadOnlyList<string> args, OptionCatalog catalog)
    {
        var faults = new List<string>();
        var targets = new List<string>();
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var rest = new List<OptionToken>();
        var verbosity = Verbosity.Normal;
        string? file = null;
        foreach (var token in Tokenize(args, catalog, faults))
        {
            switch (HostName(token))
            {
                case "target":
                    AddTarget(token, targets, faults);
                    break;
                case "verbosity" when Valued(token, "a level", faults) is { } level:
                    verbosity = ParseVerbosity(level, faults);
                    break;
                case "config" when Valued(token, "a file", faults) is { } path:
                    file = path;
                    break;
                case "verbosity" or "config":
                    break;
                case { } switchName:
                    AddSwitch(token, switchName, asked, faults);
                    break;
                default:
                    rest.Add(token);
                    break;
            }
        }

        return new HostCommandLine(ModeOf(asked, targets, rest, faults), targets, asked.Contains("exclusive"), verbosity, file, rest, faults);
    }

    private static RunMode ModeOf(HashSet<string> asked, List<string> targets, List<OptionToken> rest, List<string> faults)
    {
        var modes = Modes.Where(m => asked.Contains(m.Name)).ToList();
        if (modes.Count > 1 && !asked.Contains("help") && !asked.Contains("version"))
        {
            faults.Add($"{string.Join(" and ", modes.Select(m => $"--{m.Name}"))} cannot be had at once.");
        }

        if (modes.Count > 0)
        {
            if (targets.Count == 0 && modes[0].Mode is RunMode.Explain or RunMode.DryRun)
            {
                faults.Add($"--{modes[0].Name} needs a target: --target=NAME.");
            }

            return modes[0].Mode;
        }

        if (targets.Count > 0)
        {
            return RunMode.Run;
        }

        if (rest.Count > 0 || asked.Count > 0)
        {
            faults.Add("No target: say --target=NAME. --help lists the targets.");
        }

        return RunMode.Overview;
    }

    private static string? HostName(OptionToken token) => token.Name switch
    {
        "-t" => "target",
        "-v" => "verbosity",
        "-h" or "-?" => "help",
        _ => token.IsLong ? HostOptions.FirstOrDefault(o => o.Name.Equals(token.BareName, StringComparison.Ordinal)).Name : null,
    };

    private static List<OptionToken> Tokenize(IReadOnlyList<string> args, OptionCatalog catalog, List<string> faults)
    {
        var tokens = new List<OptionToken>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!IsName(args[i]))
            {
                faults.Add($"'{args[i]}' stands alone. Options begin with a dash; a target is asked for as --target={args[i]}.");
                continue;
            }

            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                tokens.Add(new OptionToken(args[i][..equals], args[i][(equals + 1)..]));
                continue;
            }

            var token = new OptionToken(args[i], null);
            var next = i + 1 < args.Count && !IsName(args[i + 1]) ? args[i + 1] : null;
            if (next is not null && (!IsFlag(token, catalog) || next is "true" or "false"))
            {
                token = token with { Value = next };
                i++;
            }

            tokens.Add(token);
        }

        return tokens;
    }

    // A dash before a digit or a point is a number's sign: no option's name begins so.
    private static bool IsName(string token) =>
        token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]) && token[1] != '.';

    private static bool IsFlag(OptionToken token, OptionCatalog catalog)
    {
        if (HostName(token) is { } host)
        {
            return host is not ("target" or "verbosity" or "config");
        }

        if (token.IsLong && catalog.FindQualified(token.BareName) is { } qualified)
        {
            return qualified.Kind == OptionKind.Flag;
        }

        var matching = catalog.All.Where(o => token.IsLong
            ? o.Key.Equals(token.BareName, StringComparison.Ordinal)
            : o.ShortNames.Contains(token.BareName, StringComparer.Ordinal)).ToList();
        return matching.Count > 0 && matching.All(o => o.Kind == OptionKind.Flag);
    }

    private static string? Valued(OptionToken token, string what, List<string> faults)
    {
        if (!string.IsNullOrWhiteSpace(token.Value))
        {
            return token.Value;
        }

        faults.Add($"{token.Name} needs {what}.");
        return null;
    }

    private static void AddTarget(OptionToken token, List<string> targets, List<string> faults)
    {
        if (Valued(token, "a target's name", faults) is { } target && !targets.Contains(target, StringComparer.OrdinalIgnoreCase))
        {
            targets.Add(target);
        }
    }

    private static void AddSwitch(OptionToken token, string name, HashSet<string> asked, List<string> faults)
    {
        switch (token.Value)
        {
            case null or "true":
                asked.Add(name);
                break;
            case "false":
                break;
            default:
                faults.Add($"{token.Name}: '{token.Value}' is neither true nor false.");
                break;
        }
    }

    private static Verbosity ParseVerbosity(string text, List<string> faults)
    {
        string[] names = ["quiet", "minimal", "normal", "verbose", "diagnostic"];
        for (var i = 0; i < names.Length; i++)
        {
            var isShort = names[i][..1].Equals(text, StringComparison.OrdinalIgnoreCase)
                || (i == 4 && text.Equals("diag", StringComparison.OrdinalIgnoreCase));
            if (isShort || names[i].Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return (Verbosity)i;
            }
        }

        faults.Add($"--verbosity: '{text}' is not one of {string.Join(", ", names)}{NearestName.Hint(text, names)}.");
        return Verbosity.Normal;
    }
}
