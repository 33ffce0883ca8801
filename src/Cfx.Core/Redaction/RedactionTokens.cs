using System.Buffers;

namespace Cfx.Core.Redaction;

/// <summary>What stands in the place of redacted text. No token can overlap another, so a text falls into tokens and the rest in one way only.</summary>
internal static class RedactionTokens
{
    /// <summary>Between the brackets.</summary>
    public const int MaxLength = 40;

    private static readonly SearchValues<char> Inner = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -_");

    public static bool IsToken(string text) =>
        text is ['[', .. { Length: >= 1 and <= MaxLength } inner, ']'] && !inner.AsSpan().ContainsAnyExcept(Inner);

    /// <summary>The text in its order: pieces that are one of the tokens, and pieces that hold none.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="tokens">The tokens of a study's rules.</param>
    public static List<(string Text, bool IsToken)> Split(string text, IReadOnlySet<string> tokens)
    {
        var pieces = new List<(string, bool)>();
        var from = 0;
        for (var open = text.IndexOf('['); open >= 0; open = text.IndexOf('[', open + 1))
        {
            var close = text.IndexOf(']', open);
            if (close < 0)
            {
                break;
            }

            if (close - open - 1 <= MaxLength && text[open..(close + 1)] is var candidate && tokens.Contains(candidate))
            {
                if (open > from)
                {
                    pieces.Add((text[from..open], false));
                }

                pieces.Add((candidate, true));
                from = close + 1;
            }
        }

        if (from < text.Length)
        {
            pieces.Add((text[from..], false));
        }

        return pieces;
    }
}
