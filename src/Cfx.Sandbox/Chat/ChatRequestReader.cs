using System.Globalization;
using System.Text;
using System.Text.Json;
using Cfx.Core.Conversations;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Chat;

/// <summary>Reads and checks the body of a chat request. Fields that the sandbox's models have no use for are ignored.</summary>
internal sealed class ChatRequestReader(ModelDirectory models)
{
    private const int DefaultMaxTokens = 512;

    /// <param name="body">The request.</param>
    /// <param name="model">The model that will answer, by its own name.</param>
    /// <param name="name">The name that the request has for it.</param>
    /// <exception cref="ApiException">400 or 404: a field is missing, malformed or out of range.</exception>
    public ChatOrder Read(JsonElement body, string model, string name)
    {
        var info = models.Describe(model);
        var messages = Messages(body);
        var temperature = body.Number("temperature", 0, 2) ?? 0.7;
        var topP = body.Number("top_p", 0, 1) ?? 1;
        var count = (int)(body.Integer("n", 1, 128) ?? 1);
        var stop = Stop(body);
        if (body.Integer("logprobs", 0, 20) is > 0)
        {
            throw ApiException.BadField("logprobs", "The sandbox's models choose whole answers and have no token probabilities: leave 'logprobs' out.");
        }

        var maxTokens = MaxTokens(body, messages, info);
        // The model's own name: what it is served under at the moment must not change its answers.
        var text = new StringBuilder(model);
        foreach (var message in messages)
        {
            text.Append('\n').Append(message.Role).Append(message.Content.Length).Append(':').Append(message.Content);
        }

        var seed = body.Integer("seed", long.MinValue, long.MaxValue);
        var identity = ContentId.Hex(
            64,
            [text.ToString(), Text(temperature), Text(topP), Text(maxTokens), Text(count), seed is null ? null : Text(seed), .. stop]);
        return new ChatOrder(
            name,
            messages,
            temperature,
            topP,
            maxTokens,
            stop,
            // Kept within 31 bits, which every client can read back.
            seed ?? long.Parse(identity.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & int.MaxValue,
            count,
            body.Flag("stream") ?? false,
            body.Flag("echo") ?? false,
            identity);
    }

    private static string Text(IFormattable? value) => value!.ToString(null, CultureInfo.InvariantCulture);

    private static List<Message> Messages(JsonElement body)
    {
        if (body.Find("messages") is not { } list)
        {
            throw ApiException.Missing("messages");
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw ApiException.BadField("messages", "The field 'messages' must be a list with at least one message.");
        }

        var messages = new List<Message>();
        foreach (var message in list.EnumerateArray())
        {
            var where = $"messages[{messages.Count}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                throw ApiException.BadField(where, $"{where} must be an object.");
            }

            var role = message.Text("role");
            if (role is not ("system" or "user" or "assistant" or "tool" or "function"))
            {
                throw ApiException.BadField(where + ".role", $"{where}.role must be system, user, assistant or tool.");
            }

            messages.Add(new Message(role, Content(message, role, where)));
        }

        return messages;
    }

    private static string Content(JsonElement message, string role, string where)
    {
        where += ".content";
        switch (message.Find("content"))
        {
            case null when role is "assistant":
                return string.Empty;
            case { ValueKind: JsonValueKind.String } text:
                return text.GetString()!;
            case { ValueKind: JsonValueKind.Array } parts when role is "user":
                return string.Join('\n', parts.EnumerateArray().Select(part =>
                    part.ValueKind == JsonValueKind.Object && part.Text("type") is "text"
                        ? part.Text("text") ?? string.Empty
                        : throw ApiException.BadField(where, $"{where}: the sandbox's models read text parts only.")));
            default:
                throw ApiException.BadField(where, $"{where} must be a string.");
        }
    }

    private static string[] Stop(JsonElement body)
    {
        if (body.Find("stop") is not { } stop)
        {
            return [];
        }

        return stop.ValueKind == JsonValueKind.Array && stop.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. stop.EnumerateArray().Select(item => item.GetString()!).Where(item => item.Length > 0)]
            : throw ApiException.BadField("stop", "The field 'stop' must be a list of strings.");
    }

    private int MaxTokens(JsonElement body, List<Message> messages, ServedModelInfo info)
    {
        var wanted = body.Integer("max_tokens", 1, int.MaxValue);
        var behaviour = body.Text("context_length_exceeded_behavior") ?? "error";
        if (behaviour is not ("error" or "truncate"))
        {
            throw ApiException.BadField("context_length_exceeded_behavior", "The field 'context_length_exceeded_behavior' must be error or truncate.");
        }

        var prompt = messages.Sum(message => (long)models.Host.CountTokens(message.Content));
        var room = info.ContextLength - prompt;
        if (room < 1 || (wanted > room && behaviour is "error"))
        {
            throw new ApiException(
                400,
                $"The prompt has {prompt} tokens and {wanted ?? DefaultMaxTokens} are asked for, but the model's context length is {info.ContextLength}.",
                param: "max_tokens",
                code: "context_length_exceeded");
        }

        return (int)Math.Min(wanted ?? DefaultMaxTokens, room);
    }
}
