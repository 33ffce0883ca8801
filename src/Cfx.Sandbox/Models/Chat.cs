using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>Plain chat: draws one of the known answers, and says so when none of them is near.</summary>
internal static class Chat
{
    // A cosine of about 0.04: the two share next to nothing.
    private const double UnknownShare = 0.04;
    private const int NamedTerms = 3;

    /// <summary>Answers a conversation; never empty.</summary>
    public static string Answer(ResponseModel model, IReadOnlyList<Message> conversation, double temperature, double topP, SplitMix64 random)
    {
        var scores = model.Score(model.Features.Context(conversation));
        var chosen = scores.Any(score => !double.IsNegativeInfinity(score)) ? Softmax.Sample(scores, temperature, topP, random) : -1;
        if (chosen >= 0 && scores[chosen] > UnknownShare * Math.Exp(model.Similarity.LogScale))
        {
            return model.Candidates[chosen].Text;
        }

        var lastUser = Featurizer.LastUser(conversation);
        var subject = lastUser < 0 ? "" : string.Join(", ", SubjectWords(model.Features, conversation[lastUser].Content));
        var admission = subject.Length == 0 ? "I am not sure what you would like to know." : $"I know little about this: {subject}.";
        if (chosen < 0)
        {
            return $"{admission} Could you tell me more, so that I can try to help?";
        }

        var nearest = AnswerShape.Sentences(model.Candidates[chosen].Text);
        return nearest.Count == 0 ? admission : $"{admission} The nearest I can offer: {nearest[0]}";
    }

    // The rarest words as the user wrote them, in their order.
    private static IEnumerable<string> SubjectWords(Featurizer features, string text)
    {
        var words = TextTokenizer.PlainWords(text).Distinct(StringComparer.Ordinal).ToList();
        var rare = words.OrderByDescending(features.WordRarity).Take(NamedTerms).ToHashSet(StringComparer.Ordinal);
        return words.Where(rare.Contains);
    }
}
