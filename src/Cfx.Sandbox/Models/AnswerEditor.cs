using System.Text.RegularExpressions;

namespace Cfx.Sandbox.Models;

/// <summary>Gives an answer another form without making anything up.</summary>
/// <param name="model">Tells which sentences matter to the conversation.</param>
/// <param name="context">The conversation.</param>
internal sealed partial class AnswerEditor(ResponseModel model, PreparedContext context)
{
    private const int ShortSentences = 2;
    private const int ListItems = 6;
    private const int LongSentenceWords = 24;

    /// <summary>The sentences in the form asked for; as running text when no form is asked.</summary>
    public string Shape(IReadOnlyList<string> sentences, RequestStyle style)
    {
        var kept = sentences;
        if (style.Simple)
        {
            var simple = kept.Select(sentence => AsidePattern().Replace(sentence, "")).ToList();
            var easy = simple.Where(sentence => TextTokenizer.PlainWords(sentence).Count <= LongSentenceWords).ToList();
            kept = easy.Count > 0 ? easy : simple;
        }

        if (style.OneSentence && !style.Bullets && !style.Steps && !style.Table)
        {
            kept = Best(kept, 1);
        }
        else if (style.Bullets || style.Steps || style.Table)
        {
            kept = Best(kept, style.Short ? ListItems / 2 : ListItems);
        }
        else if (style.Short)
        {
            kept = Best(kept, ShortSentences);
        }

        if (style.Table)
        {
            return "| Point | Details |\n| --- | --- |\n" + string.Join('\n', kept.Select(Row));
        }

        if (style.Steps)
        {
            return string.Join('\n', kept.Select((sentence, index) => $"{index + 1}. {sentence}"));
        }

        return style.Bullets ? string.Join('\n', kept.Select(sentence => $"- {sentence}")) : string.Join(' ', kept);
    }

    /// <summary>How well a text fits the conversation.</summary>
    public double Fit(string text) => Similarity.Score(context, new Candidate(text, model.Features.Text(text), 0));

    // The sentences that fit best, in their order; the first of a text is often its point and has a small lead.
    private List<string> Best(IReadOnlyList<string> sentences, int count)
    {
        var chosen = Enumerable.Range(0, sentences.Count)
            .OrderByDescending(index => Fit(sentences[index]) + (index == 0 ? 1 : 0)).ThenBy(index => index)
            .Take(count).ToHashSet();
        return [.. sentences.Where((_, index) => chosen.Contains(index))];
    }

    private static string Row(string sentence)
    {
        var text = sentence.Replace('|', '/').TrimEnd('.');
        var split = text.IndexOf(": ", StringComparison.Ordinal);
        if (split < 0)
        {
            split = text.IndexOf(", ", StringComparison.Ordinal);
        }

        return split < 0 ? $"| {text} | |" : $"| {text[..split]} | {text[(split + 2)..]} |";
    }

    [GeneratedRegex(@"\s*\([^()]*\)")]
    private static partial Regex AsidePattern();
}
