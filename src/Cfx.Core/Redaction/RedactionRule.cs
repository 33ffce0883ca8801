using System.Text.RegularExpressions;

namespace Cfx.Core.Redaction;

/// <summary>One kind of text that must not leave this machine, and what stands in its place.</summary>
public sealed class RedactionRule
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly Regex _regex;
    private readonly MatchCheck? _check;

    private RedactionRule(string name, string pattern, string replacement, MatchCheck? check, int precedence)
    {
        (Name, Pattern, Replacement, _check, Precedence) = (name, pattern, replacement, check, precedence);
        _regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeLimit);
    }

    /// <summary>Looks closer at what a pattern found.</summary>
    /// <param name="text">All of the text.</param>
    /// <param name="match">Where the pattern matched.</param>
    /// <param name="found">The part to replace.</param>
    /// <param name="next">Where to search on when there is none; after <paramref name="match"/>'s start.</param>
    internal delegate bool MatchCheck(string text, Match match, out Range found, out int next);

    /// <summary>Unique among a study's rules.</summary>
    public string Name { get; }

    /// <summary>The pattern of the user's own rule, or of a built-in one.</summary>
    public string Pattern { get; }

    /// <summary>Such as <c>[EMAIL]</c>: letters, digits, spaces, '-' and '_' in square brackets.</summary>
    public string Replacement { get; }

    /// <summary>Rules of a lower number look at a text first; the user's own have 0.</summary>
    internal int Precedence { get; }

    /// <summary>A rule of the user's.</summary>
    /// <param name="name">Unique among a study's rules.</param>
    /// <param name="pattern">A .NET regular expression without lookarounds, backreferences and atomic groups, which cannot be matched in bounded time.</param>
    /// <param name="replacement">What to put in place; null for the name in capitals, in square brackets.</param>
    /// <exception cref="FormatException">The pattern or replacement cannot be used; the message says why.</exception>
    public static RedactionRule Custom(string name, string pattern, string? replacement = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        replacement ??= $"[{name.ToUpperInvariant().Replace('.', '-')}]";
        if (!RedactionTokens.IsToken(replacement))
        {
            throw new FormatException($"the replacement '{replacement}' must be 1 to {RedactionTokens.MaxLength} letters, digits, spaces, '-' and '_' in square brackets, such as [{name.ToUpperInvariant()}]");
        }

        RedactionRule rule;
        try
        {
            rule = new RedactionRule(name, pattern, replacement, check: null, precedence: 0);
        }
        catch (NotSupportedException e)
        {
            throw new FormatException($"the pattern '{pattern}' uses what cannot be matched in bounded time (a lookaround, backreference or atomic group, or too large a repetition)", e);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"the pattern '{pattern}' is not a regular expression: {e.Message}", e);
        }

        return rule._regex.IsMatch(string.Empty)
            ? throw new FormatException($"the pattern '{pattern}' matches the empty text; it would match everywhere")
            : rule;
    }

    internal static RedactionRule BuiltIn(string name, string pattern, int precedence, MatchCheck? check) =>
        new(name, pattern, $"[{name.ToUpperInvariant()}]", check, precedence);

    /// <summary>The first match at or after a position.</summary>
    /// <exception cref="StageFailedException">Matching takes too long.</exception>
    internal bool TryFind(string text, int from, out Range found)
    {
        try
        {
            for (var match = _regex.Match(text, from); match.Success; match = _regex.Match(text, from))
            {
                from = match.Index + match.Length;
                if (match.Length == 0)
                {
                    if (++from > text.Length)
                    {
                        break;
                    }
                }
                else if (_check is null)
                {
                    found = match.Index..from;
                    return true;
                }
                else if (_check(text, match, out found, out from))
                {
                    return true;
                }
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new StageFailedException($"The redaction rule '{Name}' takes longer than {TimeLimit.TotalSeconds:0} s on one text. Make its pattern simpler.", e);
        }

        found = default;
        return false;
    }
}
