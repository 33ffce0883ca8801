using System.Text.RegularExpressions;

namespace Cfx.Core.Redaction;

/// <summary>The rules that a study can name. They find the usual spellings, and rather too much than too little.</summary>
public static class BuiltInRules
{
    // Prefixes of well-known services, tokens of three parts (JWT), private keys in PEM, and long runs of letters and digits mixed.
    private const string Keys =
        @"-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END [A-Z ]*PRIVATE KEY-----"
        + @"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
        + @"|(?:sk|pk|rk|tgp|ghp|gho|ghu|ghs|ghr|hf|xoxa|xoxb|xoxp|xoxr|xoxs|glpat|github_pat|npm|gsk|r8)[-_][A-Za-z0-9_-]{16,}"
        + @"|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}"
        + @"|[A-Za-z0-9]{32,}";

    private const string Emails = @"[\p{L}\p{N}._%+'-]+@(?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]*\p{L}";

    // Runs of digits in which single spaces and hyphens part groups.
    private const string Cards = @"[0-9](?:[ -]?[0-9]){12,}";

    // International; national with a leading 0; North American.
    private const string Phones =
        @"(?:\+|00)[1-9](?:[ ().\-/]{0,2}[0-9]){6,13}"
        + @"|\(?0[1-9][0-9]{0,4}\)?(?:[ .\-/]{0,2}[0-9]){6,10}"
        + @"|(?:1[ .\-]?)?\(?[2-9][0-9]{2}\)?[ .\-]{0,2}[2-9][0-9]{2}[ .\-]?[0-9]{4}";

    /// <summary>Names, in the order in which the rules look at a text.</summary>
    public static IReadOnlyList<string> Names { get; } = ["key", "email", "card", "phone"];

    /// <summary>Raised when a pattern changes, so that what was made with the older one is made again.</summary>
    internal const int Version = 1;

    /// <exception cref="FormatException">There is no such rule.</exception>
    public static RedactionRule Get(string name) => name switch
    {
        "key" => RedactionRule.BuiltIn(name, Keys, 1, CheckKey),
        "email" => RedactionRule.BuiltIn(name, Emails, 2, check: null),
        "card" => RedactionRule.BuiltIn(name, Cards, 3, CheckCard),
        "phone" => RedactionRule.BuiltIn(name, Phones, 4, CheckPhone),
        _ => throw new FormatException($"'{name}' is not one of {string.Join(", ", Names)}"),
    };

    private static bool CheckKey(string text, Match match, out Range found, out int next)
    {
        next = match.Index + match.Length;
        found = match.Index..next;
        var run = match.ValueSpan;

        // A long word, a row of one letter or a number is no key.
        return run is ['-', ..] || (run.ContainsAnyInRange('0', '9') && (run.ContainsAnyInRange('a', 'z') || run.ContainsAnyInRange('A', 'Z')));
    }

    private static bool CheckPhone(string text, Match match, out Range found, out int next)
    {
        found = match.Index..(match.Index + match.Length);
        next = match.Index + 1;
        var before = match.Index == 0 ? ' ' : text[match.Index - 1];
        var after = match.Index + match.Length == text.Length ? ' ' : text[match.Index + match.Length];

        // Part of a word, a hash or a decimal number.
        return !char.IsLetterOrDigit(before) && !char.IsLetter(after)
            && !(before is '.' or ',' && match.Index > 1 && char.IsAsciiDigit(text[match.Index - 2]));
    }

    // A number may be followed by a date or stand after another: whole groups are tried, the longest row first.
    private static bool CheckCard(string text, Match match, out Range found, out int next)
    {
        const int Fewest = 13;
        const int Most = 19;
        next = match.Index + match.Length;
        var starts = new List<int>();
        for (var i = match.Index; i < next; i++)
        {
            if (char.IsAsciiDigit(text[i]) && (i == match.Index || !char.IsAsciiDigit(text[i - 1])))
            {
                starts.Add(i);
            }
        }

        foreach (var start in starts)
        {
            int? end = null;
            var digits = new List<int>(Most);
            for (var i = start; i < next && digits.Count < Most; i++)
            {
                if (!char.IsAsciiDigit(text[i]))
                {
                    continue;
                }

                digits.Add(text[i] - '0');
                var isEndOfGroup = i + 1 == next || !char.IsAsciiDigit(text[i + 1]);
                if (isEndOfGroup && digits.Count >= Fewest && digits[0] is >= 2 and <= 6 && PassesLuhn(digits))
                {
                    end = i + 1;
                }
            }

            if (end is { } last)
            {
                found = start..last;
                return true;
            }
        }

        found = default;
        return false;
    }

    private static bool PassesLuhn(List<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Count; i++)
        {
            var digit = digits[^(i + 1)];
            sum += i % 2 == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }
}
