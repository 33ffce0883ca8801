using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Generation;

namespace Cfx.Together.Store;

/// <summary>An answered call as a line of an export.</summary>
internal static class AnswerJson
{
    public static JsonObject Write(StoredAnswer answer) => new()
    {
        ["key"] = answer.Key,
        ["server"] = answer.Server,
        ["model_identity"] = answer.ModelIdentity,
        ["stage"] = answer.Stage,
        ["study"] = answer.Study,
        ["model"] = answer.Model,

        // As text: a tool that formats JSON anew must not change what the key was made of.
        ["request"] = answer.Request,
        ["text"] = answer.Reply.Content,
        ["finish_reason"] = answer.Reply.FinishReason,
        ["outcome"] = OutcomeWords.Of(answer.Reply.Outcome),
        ["created_at"] = AnswerRow.Time(answer.Reply.CreatedAt),
        ["prompt_tokens"] = answer.Reply.PromptTokens,
        ["completion_tokens"] = answer.Reply.CompletionTokens,
        ["price_usd"] = answer.PriceUsd,
        ["sent_at"] = AnswerRow.Time(answer.SentAt),
        ["answered_at"] = AnswerRow.Time(answer.AnsweredAt),
        ["request_id"] = answer.Reply.RequestId,
    };

    /// <exception cref="FormatException">The line is not an answer, or its key does not belong to its request; says which.</exception>
    public static StoredAnswer Read(string line)
    {
        try
        {
            var json = JsonNode.Parse(line) as JsonObject ?? throw new FormatException("it is not a JSON object");
            var answer = new StoredAnswer
            {
                Key = Text(json, "key"),
                Server = Text(json, "server"),
                ModelIdentity = (string?)json["model_identity"],
                Stage = Text(json, "stage"),
                Study = Text(json, "study"),
                Model = Text(json, "model"),
                Request = Text(json, "request"),
                Reply = new ChatReply(
                    OutcomeWords.Read(Text(json, "outcome")) ?? throw new FormatException($"its outcome '{Text(json, "outcome")}' is not known"),
                    Text(json, "text"),
                    Text(json, "finish_reason"),
                    AnswerRow.Time(Text(json, "created_at")),
                    Tokens(json, "prompt_tokens"),
                    Tokens(json, "completion_tokens"))
                {
                    RequestId = (string?)json["request_id"],
                },
                PriceUsd = (decimal?)json["price_usd"] is >= 0 and < 1_000_000 and var price ? price
                    : json["price_usd"] is null ? null : throw new FormatException("its price is out of range"),
                SentAt = AnswerRow.Time(Text(json, "sent_at")),
                AnsweredAt = AnswerRow.Time(Text(json, "answered_at")),
            };
            return ResponseKey.Of(answer.Server, answer.ModelIdentity, answer.Request) == answer.Key
                ? answer
                : throw new FormatException("its key does not belong to its request and server: the line was changed, or another version wrote it");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("it is not an exported answer", e);
        }
    }

    private static string Text(JsonObject json, string name) =>
        (string?)json[name] ?? throw new FormatException($"it has no text \"{name}\"");

    private static int? Tokens(JsonObject json, string name) =>
        (int?)json[name] is { } count ? count >= 0 ? count : throw new FormatException($"its \"{name}\" is below 0") : null;
}
