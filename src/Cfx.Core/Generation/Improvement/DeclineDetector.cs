using System.Text.RegularExpressions;

namespace Cfx.Core.Generation.Improvement;

/// <summary>Tells whether a reply declines to answer by some spelling of N/A, rather than being an answer that mentions it.</summary>
/// <remarks>A decline begins with the mark, whatever quotes, brackets, markdown or label ("Answer:") are around it, and then either ends
/// or goes on with an explanation after a dash, colon, stop, bracket, line end or "because". "N/A values are dropped by pandas" is an
/// answer. In doubt, a reply that opens so is a decline: an item too few costs little, a trained N/A spoils an arm. A reply about the
/// feedback that ends in a line N/A declines too.</remarks>
public static partial class DeclineDetector
{
    private const string Quotes = "\"'“”„‘’«»`*_~#>[](){}<|\\";
    private const string Separators = "-–—:;.!(";

    /// <param name="reply">A model's whole reply.</param>
    public static bool IsDecline(string reply)
    {
        var text = SkipDecoration(reply);
        var label = Label().Match(text);
        if (label.Success)
        {
            text = SkipDecoration(text[label.Length..]);
        }

        var mark = Mark().Match(text);
        if (mark.Success && IsOnlyExplainedBy(text[mark.Length..], isBareWord: mark.Groups["bare"].Success))
        {
            return true;
        }

        return ClosingMark().IsMatch(reply) && reply.Contains("feedback", StringComparison.OrdinalIgnoreCase);
    }

    private static string SkipDecoration(string text) => text.TrimStart().TrimStart([.. Quotes, '-', ' ', '\t', '\r', '\n']);

    private static bool IsOnlyExplainedBy(string rest, bool isBareWord)
    {
        if (!rest.Any(char.IsLetterOrDigit))
        {
            return true;
        }

        var afterClosers = rest.TrimStart(Quotes.Replace("(", "", StringComparison.Ordinal).ToCharArray());
        var next = afterClosers.TrimStart();
        if (afterClosers[..^next.Length].Contains('\n', StringComparison.Ordinal) || Because().IsMatch(next))
        {
            return true;
        }

        // "NA-based" and "NA.strings" are words; only what cannot continue a word separates there.
        var separated = !isBareWord || next.Length < afterClosers.Length || next[0] == ':' || (next.Length > 1 && char.IsWhiteSpace(next[1]));
        return separated && Separators.Contains(next[0], StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(?:(?:my|the|your|here is the)\s+)?(?:(?:final|improved|revised|rewritten|new)\s+)?(?:answer|response|output|reply)[\s*_`]*:",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?:n\s?[/\\⁄∕／]\s?a(?![\p{L}\p{N}/])|n\.\s?a(?![\p{L}\p{N}])|not[\s-]applicable\b|(?<bare>n-?a)(?![\p{L}\p{N}]))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^(?:because|since|as|due to|here|in this case|to this)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Because();

    [GeneratedRegex("""\n\s*["'“”`*_\[(]*n\s?[/\\⁄∕／]\s?a["'“”`*_\])]*[.!]?["'“”`*_\])]*\s*$""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClosingMark();
}
