using System.Text.Json.Nodes;

namespace Cfx.Sandbox.Chat;

/// <summary>How answers look on the wire.</summary>
internal static class ChatWire
{
    public static JsonObject Whole(ChatAnswer answer) => new()
    {
        ["id"] = answer.Id,
        ["object"] = "chat.completion",
        ["created"] = answer.Created,
        ["model"] = answer.Order.Model,
        ["prompt"] = answer.Order.IsEchoed
            ? new JsonArray(new JsonObject { ["text"] = string.Join('\n', answer.Order.Messages.Select(message => message.Content)) })
            : new JsonArray(),
        ["choices"] = new JsonArray([.. answer.Choices.Select((choice, index) => new JsonObject
        {
            ["index"] = index,
            ["seed"] = answer.Order.Seed + index,
            ["finish_reason"] = choice.Reason,
            ["logprobs"] = null,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = choice.Text, ["tool_calls"] = new JsonArray() },
        })]),
        ["usage"] = Usage(answer),
    };

    /// <summary>A piece of a stream.</summary>
    public static JsonObject Chunk(ChatAnswer answer, int index, string content, string? reason, JsonObject? usage) => new()
    {
        ["id"] = answer.Id,
        ["object"] = "chat.completion.chunk",
        ["created"] = answer.Created,
        ["model"] = answer.Order.Model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = index,
            ["delta"] = new JsonObject { ["role"] = "assistant", ["content"] = content },
            ["finish_reason"] = reason,
            ["seed"] = answer.Order.Seed + index,
        }),
        ["usage"] = usage,
    };

    public static JsonObject Usage(ChatAnswer answer) => new()
    {
        ["prompt_tokens"] = answer.PromptTokens,
        ["completion_tokens"] = answer.CompletionTokens,
        ["total_tokens"] = answer.PromptTokens + answer.CompletionTokens,
    };
}
