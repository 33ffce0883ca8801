using Cake.Core;
using Cake.Core.Diagnostics;

namespace Cake.Frosting.Internal;

/// <summary>A plain host's command line: the switches the host knows, and everything else for the tasks to read.</summary>
public sealed class FrostingArguments
{
    private readonly List<KeyValuePair<string, string>> _pairs = [];

    private FrostingArguments()
    {
    }

    /// <summary>As asked for, or the one called Default.</summary>
    public IReadOnlyList<string> Targets { get; private set; } = [];

    public Verbosity Verbosity { get; private set; } = Verbosity.Normal;

    public string? WorkingDirectory { get; private set; }

    public bool DryRun => Has("dryrun", "noop", "whatif");

    public bool Tree => Has("tree", "showtree");

    public bool Description => Has("description", "descriptions", "showdescription", "showdescriptions");

    public bool Exclusive => Has("exclusive", "e");

    public bool Version => Has("version", "ver");

    public bool Help => Has("help", "h", "?");

    /// <summary>Every argument, for <see cref="ICakeContext.Arguments"/>.</summary>
    public ICakeArguments ToCakeArguments() =>
        new CakeArguments(_pairs.ToLookup(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase));

    /// <param name="args">As the program got them; <c>--name value</c>, <c>--name=value</c> and <c>--name</c> alone are understood.</param>
    /// <exception cref="FrostingException">A verbosity that does not exist.</exception>
    public static FrostingArguments Parse(IEnumerable<string> args)
    {
        var result = new FrostingArguments();
        var tokens = args.ToList();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!IsName(tokens[i]))
            {
                continue;
            }

            var name = tokens[i].TrimStart('-');
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                result.Add(name[..equals], name[(equals + 1)..]);
            }
            else if (i + 1 < tokens.Count && !IsName(tokens[i + 1]) && !IsSwitch(name))
            {
                result.Add(name, tokens[++i]);
            }
            else
            {
                result.Add(name, string.Empty);
            }
        }

        result.Targets = result.Values("target", "t") is { Count: > 0 } asked ? asked : ["Default"];
        result.WorkingDirectory = result.Values("working", "w").LastOrDefault();
        if (result.Values("verbosity", "v").LastOrDefault() is { } verbosity)
        {
            if (!VerbosityParser.TryParse(verbosity, out var parsed))
            {
                throw new FrostingException($"There is no verbosity '{verbosity}': quiet, minimal, normal, verbose or diagnostic.");
            }

            result.Verbosity = parsed;
        }

        return result;
    }

    private static bool IsName(string token) =>
        token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]) && token[1] != '.';

    private static bool IsSwitch(string name) => name is "dryrun" or "tree" or "description" or "exclusive" or "e" or "version" or "help";

    private void Add(string name, string value) => _pairs.Add(new(name, value));

    private bool Has(params ReadOnlySpan<string> names)
    {
        foreach (var (key, value) in _pairs)
        {
            if (names.Contains(key) && !value.Equals("false", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private List<string> Values(string name, string shortName) =>
        [.. _pairs.Where(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase) || p.Key.Equals(shortName, StringComparison.Ordinal)).Select(p => p.Value)];
}
