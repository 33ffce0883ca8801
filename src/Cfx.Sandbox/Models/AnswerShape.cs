using System.Text.RegularExpressions;

namespace Cfx.Sandbox.Models;

/// <summary>The form that an answer has.</summary>
internal static partial class AnswerShape
{
    /// <summary>Lines that begin with a bullet.</summary>
    public static int BulletLines(string text) => BulletPattern().Count(text);

    /// <summary>Lines that begin with a number.</summary>
    public static int NumberedLines(string text) => NumberedPattern().Count(text);

    /// <summary>Whether it has rows with column bars.</summary>
    public static bool HasTable(string text) => TablePattern().Count(text) >= 2;

    /// <summary>Its sentences and lines, without bullets and numbers, in order; at most 200.</summary>
    public static List<string> Sentences(string text)
    {
        if (text.Length > 2 * TextTokenizer.MaximumEdge)
        {
            text = text[..(2 * TextTokenizer.MaximumEdge)];
        }

        var sentences = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            foreach (var part in SentenceEnd().Split(Marker().Replace(line, "")))
            {
                var sentence = part.Trim();
                if (sentence.Length > 1 && sentences.Count < 200)
                {
                    sentences.Add(sentence);
                }
            }
        }

        return sentences;
    }

    [GeneratedRegex(@"^\s*[-*•–]\s+\S", RegexOptions.Multiline)]
    private static partial Regex BulletPattern();

    [GeneratedRegex(@"^\s*\d{1,2}[.)]\s+\S", RegexOptions.Multiline)]
    private static partial Regex NumberedPattern();

    [GeneratedRegex(@"^.*\S\s*\|\s*\S.*$", RegexOptions.Multiline)]
    private static partial Regex TablePattern();

    // A full stop inside "1.5", "e.g. x" or "3 p.m. if" ends no sentence: the next letter must be a capital or the like.
    [GeneratedRegex(@"(?<=[.!?…][""')\]]?)\s+(?=[\p{Lu}\p{Lo}\p{Lt}\d""'(\[])|(?<=[。！？])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")]
    private static partial Regex Marker();
}
