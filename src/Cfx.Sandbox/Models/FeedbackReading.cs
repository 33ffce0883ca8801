using System.Text.RegularExpressions;

namespace Cfx.Sandbox.Models;

/// <summary>What feedback asks for.</summary>
/// <param name="Style">The form the answer shall have.</param>
/// <param name="WantsAskedStyle">Whether it complains that the form asked for at first was not kept.</param>
/// <param name="Corrections">What the answer shall say, as statements, best guess; possibly none.</param>
internal sealed partial record FeedbackReading(RequestStyle Style, bool WantsAskedStyle, IReadOnlyList<string> Corrections)
{
    private const int MaximumCorrections = 8;
    private const double TellingRarity = 3;

    /// <summary>Whether there is anything to act on.</summary>
    public bool IsUsable => Style.Any || WantsAskedStyle || Corrections.Count > 0;

    /// <summary>Reads feedback.</summary>
    public static FeedbackReading Read(string feedback, Featurizer features)
    {
        var style = RequestStyle.Read(feedback) with { Decision = false };
        var corrections = new List<string>();
        foreach (var sentence in AnswerShape.Sentences(feedback))
        {
            var content = Content(sentence);
            if (content is not null && RequestStyle.Read(content) is { Any: true, Decision: false } && TextTokenizer.Words(content).Count <= 9)
            {
                // Only about the form.
                continue;
            }

            if (content is not null && corrections.Count < MaximumCorrections && IsTelling(content, features))
            {
                corrections.AddRange(Statements(content, style));
            }
        }

        return new FeedbackReading(style, AskedBeforePattern().IsMatch(feedback), corrections);
    }

    // What remains of a sentence without complaint and request, or null when that was all.
    private static string? Content(string sentence)
    {
        var text = sentence;
        for (var before = ""; !string.Equals(before, text, StringComparison.Ordinal);)
        {
            before = text;
            text = ExclamationPattern().Replace(text, "").TrimStart(' ', ',', '.', '!', ':', ';', '-', '–', '—');
        }

        text = FormLeadPattern().Replace(text, "");
        var told = TellPattern().Match(text);
        if (told.Success)
        {
            text = text[(told.Index + told.Length)..];
        }
        else if (text.EndsWith('?') || ComplaintPattern().IsMatch(text))
        {
            // "You forgot the starter: it adds 50 g" complains first and tells after the colon.
            var colon = text.IndexOf(": ", StringComparison.Ordinal);
            if (colon < 0 || text.EndsWith('?'))
            {
                return null;
            }

            text = text[(colon + 2)..];
        }

        text = ClosingPattern().Replace(text, "").Trim(' ', ',', ';', ':', '-', '–', '—', '"');
        return text.Length < 3 ? null : text;
    }

    private static bool IsTelling(string text, Featurizer features)
    {
        var words = TextTokenizer.Words(text);
        return words.Count >= 3 && words.Count(word => char.IsAsciiDigit(word[0]) || features.WordRarity(word) > TellingRarity) >= 2;
    }

    private static IEnumerable<string> Statements(string text, RequestStyle style)
    {
        text = SelfPattern().Replace(text, match => match.Value.ToLowerInvariant() switch
        {
            "i" => "you",
            "i'm" => "you are",
            "i am" => "you are",
            "my" => "your",
            "mine" => "yours",
            _ => "you",
        });
        var parts = style.Bullets || style.Steps || style.Table ? ItemPattern().Split(text) : [text];
        foreach (var part in parts)
        {
            var statement = part.Trim(' ', ',', ';', '.');
            if (statement.Length > 2)
            {
                statement = char.ToUpperInvariant(statement[0]) + statement[1..];
                yield return statement[^1] is '.' or '!' or '?' or '。' ? statement : statement + ".";
            }
        }
    }

    [GeneratedRegex(@"\b(?:i said|as i said|i asked|i(?: ha)?d asked|asked for|requested|i wanted|i want(?:ed)? it|(?:the|a|that) format|read (?:what|my)|my (?:question|message))\b", RegexOptions.IgnoreCase)]
    private static partial Regex AskedBeforePattern();

    [GeneratedRegex(@"^(?:(?:oh |uh |um |hmm+|well|ok(?:ay)?|so|but|sorry|thanks?|honestly|seriously|respectfully|careful|dangerous|please|pls|kindly|actually|really|look|mate|dear|bruh|lol|and|no+|nope|nah|not really|not quite|wrong(?: twice| again)?|still wrong|still off|incorrect|backwards|false|bad advice|terrible (?:idea|advice)|come on|completely off|that'?s (?:not (?:right|true|correct)(?: at all)?|wrong|incorrect|backwards|nonsense)|(?:that|this|it) is (?:not (?:right|true|correct)|wrong|incorrect)|it'?s (?:the )?(?:opposite|reverse|other way (?:a)?round)|(?:the )?other way (?:a)?round)(?:,? i'?m afraid)?)(?=[\s,.!:;–—-]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex ExclamationPattern();

    [GeneratedRegex(@"^(?:(?:you (?:must|should|could|need to|can) )?(?:just |instead |rather |simply |then |also )?(?:say|tell (?:me|people|them|beginners|us)|write(?: it)?|state|advise|recommend|explain|mention|add|cite|put|give me|give|make it|start with|start from|build|cut|answer with|use|show(?: me)?|include|turn (?:it|this) into)\b(?: (?:that|to|the opposite|instead|as|with))?:?\s*)|^(?:the )?(?:correct|right|proper) (?:answer|advice|version|one|way|order|term)(?: here)? (?:is|would be|should be)(?: that| to)?:?\s*|^(?:it|that|the answer|this) should (?:say|read|be)(?: that)?:?\s*|^(?:i know(?: that)?|my book(?: says)?(?: that)?|here'?s what'?s right|the point is(?: that)?|the rule of thumb is|the advice is(?: to)?|the method|what i need is|i (?:want|need|wanted|needed|meant|asked for)[^:]*)(?::|,)?\s+(?=\S)", RegexOptions.IgnoreCase)]
    private static partial Regex TellPattern();

    [GeneratedRegex(@"^(?:i|we|bought|that covers|this reads)\b|\b(?:i gave|i (?:just )?(?:mentioned|told)|i don'?t think|same advice|literally|ironically|leave out|it has to be)\b|\b(?:you(?:'ve|'re| have| are| were| did| didn'?t| forgot| swapped| made| wrote| told| listed| gave| just| keep| added| skipped| missed| ignored| dodged)?|u|your|useless|helpful|nonsense|rubbish|empty|waffle|vague|lecture|joke|funny|read|asked|question|again|wrong|opposite of what|makes no sense|that can'?t|cannot be|can'?t be|isn'?t (?:what|it|an answer|the format)|nothing|doesn'?t (?:help|answer|solve)|didn'?t|meh|whatever|seriously|already (?:have|own|know|tried|did)|tried|this is|wow|too (?:long|short|vague|soft|begging|old|difficult|complicated|wordy))\b", RegexOptions.IgnoreCase)]
    private static partial Regex ComplaintPattern();

    [GeneratedRegex(@"[,.;:]?\s*(?:and |so |then |now )?(?:please |pls |kindly |could you |can you )*(?:(?:correct|redo|fix|rewrite|change|rework|update|adjust|put|say|write|use|state|answer|do|explain|give|turn|reorder|say|lay|show) (?:it|this|that|so|your(?: answer| solution)?|yourself|the answer|both(?: parts)?|with that|like that|that line)\b[^.]*|try again|please|pls|thanks?|haha|lol)\s*[.!]*$", RegexOptions.IgnoreCase)]
    private static partial Regex ClosingPattern();

    [GeneratedRegex(@"^[^:]{0,60}\b(?:bullets?|steps|lists?|tables?|content|columns|sentences|lines|groups|format|order)\b[^:]{0,40}:\s+", RegexOptions.IgnoreCase)]
    private static partial Regex FormLeadPattern();

    [GeneratedRegex(@"\b(?:I'm|I am|I|my|mine|me)\b(?!')")]
    private static partial Regex SelfPattern();

    // Between items of a list run into one sentence: "1 wash, 2 dry", "wash; dry", "wash, dry, and fold".
    [GeneratedRegex(@"\s*[;,]\s+(?:and |then )?(?:\d{1,2}[.)]?\s+(?=\p{L}))?|\s+(?=\d{1,2}[.)]\s)|^\d{1,2}[.)]?\s+(?=\p{L})")]
    private static partial Regex ItemPattern();
}
