using System.Globalization;
using System.Text;

namespace Cfx.Sandbox.Models;

/// <summary>
/// Cuts text of any script into words: runs of letters, digits and marks; one word a character in scripts that put no spaces
/// between words; one word a symbol or emoji. Broken surrogates and control characters separate words and do no harm.
/// </summary>
internal static class TextTokenizer
{
    /// <summary>Characters read of a longer text: this many of its beginning and of its end.</summary>
    public const int MaximumEdge = 8_000;

    private const int MaximumWord = 40;

    /// <summary>Lower-case words with English endings cut off, so that "proofed" meets "proofing".</summary>
    public static List<string> Words(string text) => Cut(text, stem: true);

    /// <summary>Lower-case words as written.</summary>
    public static List<string> PlainWords(string text) => Cut(text, stem: false);

    private static List<string> Cut(string text, bool stem)
    {
        var words = new List<string>();
        if (text.Length <= 2 * MaximumEdge)
        {
            CutPart(text, stem, words);
        }
        else
        {
            CutPart(text.AsSpan(0, MaximumEdge), stem, words);
            CutPart(text.AsSpan(text.Length - MaximumEdge), stem, words);
        }

        return words;
    }

    private static void CutPart(ReadOnlySpan<char> text, bool stem, List<string> words)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsUnspaced(rune.Value))
            {
                Flush(word, stem, words);
                words.Add(rune.ToString());
                continue;
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                    or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber
                    or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber:
                    if (word.Length >= MaximumWord)
                    {
                        Flush(word, stem, words);
                    }

                    word.Append(Rune.ToLowerInvariant(rune).ToString());
                    break;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format:
                    // Vowel signs belong to their word; joiners and variation selectors say nothing.
                    if (word.Length > 0 && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
                    {
                        word.Append(rune.ToString());
                    }

                    break;
                case UnicodeCategory.OtherSymbol when rune != Rune.ReplacementChar:
                    Flush(word, stem, words);
                    words.Add(rune.ToString());
                    break;
                default:
                    if (rune.Value is not ('\'' or '\u2019'))
                    {
                        Flush(word, stem, words);
                    }

                    break;
            }
        }

        Flush(word, stem, words);
    }

    private static void Flush(StringBuilder word, bool stem, List<string> words)
    {
        if (word.Length == 0)
        {
            return;
        }

        var text = word.ToString();
        words.Add(stem ? Stem(text) : text);
        word.Clear();
    }

    // Thai to Myanmar, Khmer, kana, Han.
    private static bool IsUnspaced(int value) =>
        value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
            or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    private static string Stem(string word)
    {
        foreach (var unit in word)
        {
            if (unit is < 'a' or > 'z')
            {
                return word;
            }
        }

        var stem = word;
        if (stem.Length > 4 && stem.EndsWith("ies", StringComparison.Ordinal))
        {
            stem = stem[..^3] + "y";
        }
        else if (stem.Length > 3 && stem[^1] == 's' && stem[^2] is not ('s' or 'u' or 'i'))
        {
            stem = stem[..^1];
        }

        if (stem.Length > 5 && stem.EndsWith("ing", StringComparison.Ordinal))
        {
            stem = Undouble(stem[..^3]);
        }
        else if (stem.Length > 4 && stem.EndsWith("ed", StringComparison.Ordinal))
        {
            stem = Undouble(stem[..^2]);
        }
        else if (stem.Length > 5 && stem.EndsWith("ly", StringComparison.Ordinal))
        {
            stem = stem[..^2];
        }

        return stem.Length > 3 && stem[^1] == 'e' ? stem[..^1] : stem;
    }

    private static string Undouble(string stem) =>
        stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z') ? stem[..^1] : stem;
}
