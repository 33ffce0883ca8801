using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;

namespace Cfx.Core.Evaluation;

/// <summary>One arm's answer to one test context.</summary>
/// <param name="Context">What was asked.</param>
/// <param name="Model">The arm's model at its provider.</param>
/// <param name="Response">The answer; empty unless one came.</param>
/// <param name="Status">One of <see cref="ChatCall"/>'s statuses.</param>
/// <param name="FinishReason">The provider's word for why it ended; empty when it gave none.</param>
/// <param name="Reason">Why the answer cannot be used; null when it can.</param>
/// <param name="CreatedAt">When the provider made it; null for a failed call.</param>
/// <param name="PromptTokens">Null when unknown.</param>
/// <param name="CompletionTokens">Null when unknown.</param>
public sealed record ResponseRecord(
    TestContext Context,
    string Model,
    string Response,
    string Status,
    string FinishReason,
    string? Reason,
    DateTimeOffset? CreatedAt,
    int? PromptTokens,
    int? CompletionTokens)
{
    /// <summary>Whether the answer is whole and may be judged.</summary>
    public bool IsComplete => Status == ChatCall.Complete;

    internal static ResponseRecord Of(TestContext context, string model, ChatCall call) => new(
        context,
        model,
        call.Reply?.Content ?? "",
        call.Status,
        call.Reply?.FinishReason ?? "",
        call.Reason,
        call.Reply?.CreatedAt,
        call.Reply?.PromptTokens,
        call.Reply?.CompletionTokens);

    /// <summary>Reads a line of a responses file.</summary>
    /// <param name="line">The line.</param>
    /// <param name="place">Its file and number in words, for messages.</param>
    /// <exception cref="MisuseException">A field is missing or of another kind; names place and field.</exception>
    public static ResponseRecord Parse(JsonObject line, string place)
    {
        var context = new TestContext(
            RecordFields.Text(line, "item_id", place),
            RecordFields.Text(line, "conversation_id", place),
            RecordFields.Text(line, "category"),
            ContextJson.Read(line, "context", place));
        var createdAt = RecordFields.Text(line, "created_at");
        return new ResponseRecord(
            context,
            RecordFields.Text(line, "model", place),
            RecordFields.Text(line, "response", place),
            RecordFields.Text(line, "status", place),
            RecordFields.Text(line, "finish_reason") ?? "",
            RecordFields.Text(line, "reason"),
            createdAt is null ? null
                : DateTimeOffset.TryParse(createdAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
                : throw RecordFields.Lacks(place, "created_at", "time"),
            RecordFields.WholeNumber(line, "prompt_tokens", place),
            RecordFields.WholeNumber(line, "completion_tokens", place));
    }

    public JsonObject ToJson()
    {
        var line = new JsonObject
        {
            ["item_id"] = Context.ItemId,
            ["conversation_id"] = Context.ConversationId,
            ["category"] = Context.Category,
            ["context"] = ContextJson.Write(Context.Context),
            ["model"] = Model,
            ["response"] = Response,
            ["status"] = Status,
            ["finish_reason"] = FinishReason,
        };
        if (Reason is not null)
        {
            line["reason"] = Reason;
        }

        line["created_at"] = CreatedAt is { } time ? Timestamps.Format(time) : null;
        line["prompt_tokens"] = PromptTokens;
        line["completion_tokens"] = CompletionTokens;
        return line;
    }
}
