using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>
/// Rewrites a disliked answer by what the user said about it: the feedback is part of the query over known answers, its corrections
/// become part of the answer, and the form it asks for is given.
/// </summary>
/// <param name="model">Knows answers and what fits a conversation.</param>
internal sealed class Improver(ResponseModel model)
{
    /// <summary>The reply when nothing better is found.</summary>
    public const string Declined = "N/A";

    private const double FeedbackWeight = 0.5;
    private const double DislikeWeight = 0.35;
    private const int KeptSentences = 3;
    private const int EnoughWords = 12;

    /// <summary>A better answer, or <see cref="Declined"/>.</summary>
    public string Rewrite(
        IReadOnlyList<Message> conversation, string original, string feedback, double temperature, double topP, SplitMix64 random)
    {
        var reading = FeedbackReading.Read(feedback, model.Features);
        var wanted = string.Join(' ', reading.Corrections);
        var query = Query(conversation, wanted.Length > 0 ? wanted : feedback);
        var scores = model.Score(query);
        var disliked = model.IndexOf(original.Trim());
        if (disliked >= 0)
        {
            scores[disliked] = double.NegativeInfinity;
        }

        var editor = new AnswerEditor(model, model.Similarity.Prepare(query));
        var found = scores.Any(score => !double.IsNegativeInfinity(score))
            ? model.Candidates[Softmax.Sample(scores, temperature, topP, random)].Text
            : null;
        if (!reading.IsUsable && (found is null || editor.Fit(found) <= editor.Fit(original)))
        {
            return Declined;
        }

        var style = reading.Style;
        var lastUser = Featurizer.LastUser(conversation);
        if (reading.WantsAskedStyle && lastUser >= 0)
        {
            style = Union(style, RequestStyle.Read(conversation[lastUser].Content));
        }

        var best = Options(editor, original, found, reading, style)
            .Where(option => !string.Equals(option.Trim(), original.Trim(), StringComparison.Ordinal) && option.Length > 0)
            .Select(option => (Text: option, Value: editor.Fit(option) - (DislikeWeight * Likeness(option, original, reading))))
            .OrderByDescending(option => !(style.Short || style.OneSentence) || option.Text.Length < original.Length)
            .ThenByDescending(option => option.Value)
            .FirstOrDefault();
        return best.Text ?? Declined;
    }

    private IEnumerable<string> Options(AnswerEditor editor, string original, string? found, FeedbackReading reading, RequestStyle style)
    {
        var corrections = reading.Corrections;
        if (found is not null)
        {
            var sentences = AnswerShape.Sentences(found);
            // A known answer that has its form already keeps it when no other is asked for.
            yield return style.Any ? editor.Shape(sentences, style) : found;
            if (corrections.Count > 0)
            {
                yield return editor.Shape([.. corrections, .. Related(sentences, corrections)], style);
            }
        }

        if (corrections.Count > 0)
        {
            yield return editor.Shape([.. corrections, .. Related(AnswerShape.Sentences(original), corrections)], style);
            if (corrections.Sum(text => TextTokenizer.PlainWords(text).Count) >= EnoughWords)
            {
                yield return editor.Shape(corrections, style);
            }
        }
        else if (style.Any)
        {
            yield return editor.Shape(AnswerShape.Sentences(original), style);
        }
    }

    // Sentences that go with the corrections without saying the same or, most like them, the opposite.
    private IEnumerable<string> Related(List<string> sentences, IReadOnlyList<string> corrections)
    {
        var told = model.Features.Text(string.Join(' ', corrections));
        return sentences
            .Select((text, index) => (Text: text, Index: index, Likeness: model.Features.Text(text).Dot(told)))
            .Where(sentence => sentence.Likeness < 0.5)
            .OrderByDescending(sentence => sentence.Likeness)
            .Take(KeptSentences)
            .OrderBy(sentence => sentence.Index)
            .Select(sentence => sentence.Text);
    }

    // Feedback on form alone leaves the content liked.
    private double Likeness(string option, string original, FeedbackReading reading) =>
        reading.Style.Any && reading.Corrections.Count == 0
            ? 0
            : Math.Exp(model.Similarity.LogScale) * model.Features.Text(option).Dot(model.Features.Text(original));

    private SparseVector Query(IReadOnlyList<Message> conversation, string feedback)
    {
        var sums = new Dictionary<int, double>();
        model.Features.Context(conversation).AddTo(sums, 1);
        model.Features.Text(feedback).AddTo(sums, FeedbackWeight);
        return SparseVector.FromSums(sums);
    }

    private static RequestStyle Union(RequestStyle first, RequestStyle second) => new(
        first.Bullets || second.Bullets,
        first.Steps || second.Steps,
        first.Table || second.Table,
        first.Short || second.Short,
        first.OneSentence || second.OneSentence,
        first.Longer || second.Longer,
        first.Simple || second.Simple,
        first.Decision || second.Decision);
}
