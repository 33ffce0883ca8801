using System.Text.RegularExpressions;

namespace Cfx.Sandbox.Models;

/// <summary>The form that a text asks an answer to have.</summary>
/// <param name="Bullets">A list of points.</param>
/// <param name="Steps">A numbered list.</param>
/// <param name="Table">A table, or columns.</param>
/// <param name="Short">Fewer words.</param>
/// <param name="OneSentence">One sentence or line.</param>
/// <param name="Longer">More words, details or examples.</param>
/// <param name="Simple">Plain words.</param>
/// <param name="Decision">Yes or no.</param>
internal sealed partial record RequestStyle(
    bool Bullets, bool Steps, bool Table, bool Short, bool OneSentence, bool Longer, bool Simple, bool Decision)
{
    /// <summary>Whether anything is asked for.</summary>
    public bool Any => Bullets || Steps || Table || Short || OneSentence || Longer || Simple || Decision;

    /// <summary>Reads the form from a request or from feedback.</summary>
    public static RequestStyle Read(string text)
    {
        if (text.Length > 2 * TextTokenizer.MaximumEdge)
        {
            text = string.Concat(text.AsSpan(0, TextTokenizer.MaximumEdge), " ", text.AsSpan(text.Length - TextTokenizer.MaximumEdge));
        }

        var steps = StepsPattern().IsMatch(text);
        return new RequestStyle(
            !steps && BulletsPattern().IsMatch(text),
            steps,
            TablePattern().IsMatch(text),
            ShortPattern().IsMatch(text),
            OneSentencePattern().IsMatch(text),
            LongerPattern().IsMatch(text),
            SimplePattern().IsMatch(text),
            DecisionPattern().IsMatch(text));
    }

    [GeneratedRegex(@"\bbullet|\b(?:as|in|make|want|need|give me|for) (?:it )?(?:a |an )?(?:short |simple |clear |tidy |quick )?(?:check)?list\b|\bchecklist\b|\blist (?:of|please|the|\d|three|four|five)|\bpoints?\b please|^list\b|\bin points\b|\bkey points\b", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex BulletsPattern();

    [GeneratedRegex(@"\bsteps\b|\bstep[- ]by[- ]step\b|\bnumbered\b|\bin order\b", RegexOptions.IgnoreCase)]
    private static partial Regex StepsPattern();

    [GeneratedRegex(@"\btable\b(?! ?(?:spoon|salt|cloth))|\b(?:two|three|2|3) columns\b|\bside by side\b", RegexOptions.IgnoreCase)]
    private static partial Regex TablePattern();

    [GeneratedRegex(@"\bshort(?:er|ly)?\b(?! (?:sleep|run|circuit|row|term|day|nap|story|stories|walk))|\bbrief|\btoo long\b|\bconcise|\bin a nutshell\b|\btl;?dr\b|\bquick(?:ly)? answer\b|\bwall of text\b|\blecture\b|\bless text\b|\bin a hurry\b|\bparagraph[, ]|\b(?:two|three|2|3) (?:short )?(?:sentences|lines)\b|\bmax(?:imum)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex ShortPattern();

    [GeneratedRegex(@"\b(?:one|single|1|a) (?:short |simple |clear )?(?:sentence|line|liner|word|number|figure)\b|\bone[- ]liner\b", RegexOptions.IgnoreCase)]
    private static partial Regex OneSentencePattern();

    [GeneratedRegex(@"\bmore (?:detail|specific|concrete|depth|info|examples?|precise)|\blonger\b(?= (?:answer|version|explanation))|\btoo short\b|\bin detail\b|\belaborate\b|\btoo vague\b|\bvague\b|\bbe specific\b|\bspecifics\b|\bwith examples?\b", RegexOptions.IgnoreCase)]
    private static partial Regex LongerPattern();

    [GeneratedRegex(@"\bsimple(?:r)? (?:words|terms|english|language)\b|\bsimpler\b|\beasy words\b|\bplain (?:english|words|language)\b|\bnormal words\b|\bjargon\b|\bsmall words\b|\bfor (?:a )?(?:beginner|kid|child|(?:\d+|nine|eight|seven|six|ten) year)|\bdifficult words\b|\btoo complicated\b|\bwords we know\b", RegexOptions.IgnoreCase)]
    private static partial Regex SimplePattern();

    [GeneratedRegex(@"\byes or no\b|\byes/no\b|^(?:is|are|can|could|should|do|does|did|will|would|may)\b[^.?!]*\?|\bor (?:not|no)\?", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex DecisionPattern();
}
