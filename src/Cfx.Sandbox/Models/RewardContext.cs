using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>A conversation made ready for judging answers to it.</summary>
/// <param name="Whole">Features of the conversation.</param>
/// <param name="Prepared">The conversation, ready to be scored against answers.</param>
/// <param name="Terms">Distinct words of the last user message with their rarity; words in nearly every text are left out.</param>
/// <param name="References">Known answers that fit best, best first.</param>
/// <param name="Style">The form asked for.</param>
internal sealed record RewardContext(
    SparseVector Whole,
    PreparedContext Prepared,
    IReadOnlyDictionary<string, double> Terms,
    IReadOnlyList<Candidate> References,
    RequestStyle Style)
{
    private const int ReferenceCount = 10;
    private const double CommonRarity = 1.5;

    /// <summary>Reads a conversation.</summary>
    public static RewardContext Of(ResponseModel knowledge, IReadOnlyList<Message> conversation)
    {
        var lastUser = Featurizer.LastUser(conversation);
        var request = lastUser >= 0 ? conversation[lastUser].Content : "";
        var whole = knowledge.Features.Context(conversation);
        var scores = knowledge.Score(whole);
        var references = Enumerable.Range(0, scores.Length).OrderByDescending(index => scores[index]).ThenBy(index => index)
            .Take(ReferenceCount).Select(index => knowledge.Candidates[index]).ToList();
        return new RewardContext(
            whole,
            knowledge.Similarity.Prepare(whole),
            ContentTerms(knowledge.Features, request),
            references,
            RequestStyle.Read(request));
    }

    /// <summary>The distinct words of a text that say what it is about, with their rarity.</summary>
    public static Dictionary<string, double> ContentTerms(Featurizer features, string text) =>
        TextTokenizer.Words(text).Distinct(StringComparer.Ordinal)
            .Select(word => (Word: word, Rarity: features.WordRarity(word)))
            .Where(term => term.Rarity > CommonRarity)
            .ToDictionary(term => term.Word, term => term.Rarity, StringComparer.Ordinal);
}
