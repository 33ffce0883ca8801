using System.Globalization;
using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>
/// Answers chat requests. A request whose last user message holds the sections answer_a and answer_b is judged, one with feedback and
/// answer is a rewrite, anything else is chat. The same request to the same model state always gets the same answer.
/// </summary>
public static class SandboxChatEngine
{
    private const int TokensPerMessage = 4;

    /// <summary>Answers one request.</summary>
    /// <param name="model">Who answers.</param>
    /// <param name="messages">The turns, possibly none; of any content.</param>
    /// <param name="temperature">0 for the best answer, higher for more variety; to 2.</param>
    /// <param name="topP">The share of probability drawn from, above 0, to 1.</param>
    /// <param name="maxTokens">Longest answer in tokens; null for no limit.</param>
    /// <param name="seed">Other seeds give other draws; null is a seed too.</param>
    public static SandboxReply Complete(
        SandboxModel model, IReadOnlyList<Message> messages, double temperature, double topP, int? maxTokens, long? seed)
    {
        var random = new SplitMix64(RequestHash(messages, temperature, topP, seed));
        var text = Answer(model, messages, temperature, topP, random);
        var kept = maxTokens is { } limit ? TokenCounter.Cut(text, Math.Max(0, limit)) : text;
        return new SandboxReply(
            kept,
            kept.Length < text.Length ? "length" : "stop",
            messages.Sum(message => TokensPerMessage + TokenCounter.Count(message.Content)),
            TokenCounter.Count(kept));
    }

    private static string Answer(SandboxModel model, IReadOnlyList<Message> messages, double temperature, double topP, SplitMix64 random)
    {
        var lastUser = Featurizer.LastUser(messages);
        var sections = lastUser >= 0 ? PromptSections.Find(messages[lastUser].Content) : [];
        var conversation = PromptSections.Turns(sections.GetValueOrDefault("conversation", ""));
        if (sections.TryGetValue("answer_a", out var first) && sections.TryGetValue("answer_b", out var second))
        {
            return Judge.Compare(model.Reward, model.Judging, conversation, first, second, random);
        }

        return sections.TryGetValue("feedback", out var feedback) && sections.TryGetValue("answer", out var answer)
            ? new Improver(model.Responder).Rewrite(conversation, answer, feedback, temperature, topP, random)
            : Chat.Answer(model.Responder, messages, temperature, topP, random);
    }

    private static ulong RequestHash(IReadOnlyList<Message> messages, double temperature, double topP, long? seed)
    {
        var hash = SplitMix64.Hash(string.Create(CultureInfo.InvariantCulture, $"{temperature:R} {topP:R} {seed}"));
        foreach (var message in messages)
        {
            hash = SplitMix64.Combine(SplitMix64.Combine(hash, SplitMix64.Hash(message.Role)), SplitMix64.Hash(message.Content));
        }

        return hash;
    }
}
