using System.Text.Json;
using Cfx.Core.Generation;
using Cfx.Together.Wire;

namespace Cfx.Together;

/// <summary>A question's form on the wire and the reading of its answer, the same however both travel.</summary>
/// <remarks>Only stop and eos make an answer whole; any finish reason that is not known counts as cut off, so that no clipped text is learnt.
/// The finish reason "error" is the provider's failure and is asked again like one.</remarks>
internal static class ChatBody
{
    /// <summary>More tokens than any model takes or gives in one call.</summary>
    private const double MostTokens = 20_000_000;

    public static ChatCompletionRequest Of(ChatRequest request) => new()
    {
        Model = request.Model,
        Messages = [.. request.Messages.Select(m => new ChatMessage { Role = m.Role, Content = m.Content })],
        MaxTokens = request.MaxTokens,
        Temperature = request.Temperature,
        TopP = request.TopP,
        Seed = request.Seed,
    };

    /// <param name="reply">One that is not <see cref="Malformed"/>.</param>
    /// <param name="now">When it came; stands for its time where it tells none.</param>
    public static ChatReply Read(ChatCompletion reply, DateTimeOffset now)
    {
        var choice = reply.Choices![0];
        var content = Text(choice.Message!.Content);
        var finish = choice.FinishReason ?? "";
        return new ChatReply(
            Outcome(finish, content, choice.Message.Refusal),
            content,
            finish,
            WireTime.FromUnix(reply.Created) ?? now,
            Count(reply.Usage?.PromptTokens),
            Count(reply.Usage?.CompletionTokens))
        {
            RequestId = reply.Id,
        };
    }

    // What no call can come to is not told: the answer is paid for all the same, and is charged the most that it can have cost.
    private static int? Count(double? tokens) => tokens is >= 0 and <= MostTokens ? (int)tokens : null;

    private static ChatOutcome Outcome(string finish, string content, string? refusal)
    {
        var word = finish.ToLowerInvariant();
        return word switch
        {
            "content_filter" or "safety" or "refusal" => ChatOutcome.Refused,
            _ when !string.IsNullOrWhiteSpace(refusal) => ChatOutcome.Refused,
            "length" or "max_tokens" => ChatOutcome.CutOff,
            _ when string.IsNullOrWhiteSpace(content) => ChatOutcome.Empty,
            "stop" or "eos" => ChatOutcome.Complete,
            _ => ChatOutcome.CutOff,
        };
    }

    /// <summary>What a reply lacks that makes it unusable; null for a usable one.</summary>
    public static string? Malformed(ChatCompletion reply) =>
        reply.Choices is not [{ Message: not null } first, ..] ? "it has no choice with a message"
        : string.Equals(first.FinishReason, "error", StringComparison.OrdinalIgnoreCase) ? "the model ended with an error"
        : !IsText(first.Message.Content) ? "its text is not valid Unicode"
        : null;

    private static bool IsText(JsonElement content)
    {
        try
        {
            Text(content);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }

    private static string Text(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(PartText)),
        _ => "",
    };

    private static string PartText(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()! : "";
}
