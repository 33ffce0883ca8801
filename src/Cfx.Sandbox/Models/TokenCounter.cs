using System.Text;

namespace Cfx.Sandbox.Models;

/// <summary>The sandbox's tokens: six letters or digits of a word, or one other visible character.</summary>
public static class TokenCounter
{
    private const int LettersPerToken = 6;

    /// <summary>Tokens of a text.</summary>
    public static int Count(string text) => Measure(text, int.MaxValue).Tokens;

    /// <summary>The longest beginning of a text that has at most this many tokens.</summary>
    public static string Cut(string text, int maximum) => text[..Measure(text, maximum).Length];

    private static (int Tokens, int Length) Measure(string text, int maximum)
    {
        var tokens = 0;
        var letters = 0;
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // A broken surrogate is read as one replacement character and takes one unit.
            var width = rune == Rune.ReplacementChar && char.IsSurrogate(text[position]) ? 1 : rune.Utf16SequenceLength;
            var begins = false;
            if (Rune.IsLetterOrDigit(rune))
            {
                begins = letters++ % LettersPerToken == 0;
            }
            else
            {
                letters = 0;
                begins = !Rune.IsWhiteSpace(rune);
            }

            if (begins && tokens == maximum)
            {
                break;
            }

            tokens += begins ? 1 : 0;
            position += width;
        }

        return (tokens, position);
    }
}
