using System.Text;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Conversations;

/// <summary>The form in which two texts count as the same: Unicode NFKC, lower case (invariant), each run of white space one space, none at
/// the ends.</summary>
public static class TextNormaliser
{
    /// <param name="text">Any text; halves of surrogate pairs become U+FFFD.</param>
    public static string Normalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lower = WithoutLoneSurrogates(text).Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        var result = new StringBuilder(lower.Length);
        var gap = false;
        foreach (var character in lower)
        {
            if (char.IsWhiteSpace(character))
            {
                gap = result.Length > 0;
                continue;
            }

            if (gap)
            {
                result.Append(' ');
                gap = false;
            }

            result.Append(character);
        }

        return result.ToString();
    }

    /// <summary>SHA-256 of the normalised text in UTF-8, 64 lower-case hex digits.</summary>
    public static string Hash(string text) => ContentHash.OfText(Normalise(text));

    // String.Normalize throws on them.
    private static string WithoutLoneSurrogates(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }
        }

        return text;
    }
}
