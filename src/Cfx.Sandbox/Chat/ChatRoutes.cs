using System.Text;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Jobs;

namespace Cfx.Sandbox.Chat;

/// <summary>The routes /chat/completions and /models.</summary>
internal sealed class ChatRoutes(ModelDirectory models, JobStore jobs, ChatRequestReader reader, TimeProvider time)
{
    public IEnumerable<Route> All() =>
    [
        new("GET", "/models", List),
        new("POST", "/chat/completions", CompleteAsync),
        new("GET", "/whoami", _ => Task.FromResult(Reply.Json(new JsonObject
        {
            ["user_id"] = "sandbox-user",
            ["organization"] = "sandbox",
            ["project_id"] = "sandbox-project",
            ["project_slug"] = "sandbox",

            // Answers may be kept beyond this server's life, but not beyond its models'.
            ["content_version"] = models.Host.ContentVersion,
        }))),
    ];

    private Task<Reply> List(ApiCall call)
    {
        var tuned = jobs
            .List(job => (job.OutputName, job.Settings.Model, job.UpdatedAt, job.Status))
            .Where(job => job.Status is JobWord.Completed)
            .Select(job => Describe(job.OutputName, job.OutputName, "sandbox-user", job.UpdatedAt.ToUnixTimeSeconds(), models.FindBase(job.Model)));
        var bases = models.Host.BaseModels.Select(model => Describe(model.Name, model.DisplayName, "sandbox", 0, model));
        // Nothing here is dedicated, so that filter leaves nothing.
        return Task.FromResult(Reply.Json(call.Query("dedicated") is "true" ? new JsonArray() : new JsonArray([.. bases, .. tuned])));
    }

    private static JsonObject Describe(string id, string name, string owner, long created, ServedModelInfo? info) => new()
    {
        ["id"] = id,
        ["object"] = "model",
        ["created"] = created,
        ["type"] = "chat",
        ["display_name"] = name,
        ["organization"] = owner,
        ["license"] = "mit",
        ["context_length"] = info?.ContextLength ?? 0,
        ["pricing"] = new JsonObject { ["hourly"] = 0, ["input"] = 0, ["output"] = 0, ["base"] = 0, ["finetune"] = 0 },
    };

    private async Task<Reply> CompleteAsync(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        call.Model = body.Text("model");
        var order = reader.Read(body);
        var model = await models.OpenAsync(order.Model, call.Aborted);
        var answers = new List<(string Text, string Reason)>();
        for (var i = 0; i < order.Count; i++)
        {
            call.Aborted.ThrowIfCancellationRequested();
            var answer = model.Complete(order.Messages, order.Temperature, order.TopP, order.MaxTokens, unchecked((ulong)(order.Seed + i)));
            answers.Add(Cut(answer, order.Stop));
        }

        var prompt = order.Messages.Sum(message => models.Host.CountTokens(message.Content));
        var completion = answers.Sum(answer => models.Host.CountTokens(answer.Text));
        var usage = new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = completion, ["total_tokens"] = prompt + completion };
        var id = "sandbox-" + order.Identity[..24];
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        return order.IsStreamed ? Stream(order, answers, id, created, usage) : Whole(order, answers, id, created, usage);
    }

    private static (string Text, string Reason) Cut(ModelAnswer answer, IReadOnlyList<string> stop)
    {
        var end = stop.Select(word => answer.Text.IndexOf(word, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        return end >= 0 ? (answer.Text[..end], "stop") : (answer.Text, answer.WasCut ? "length" : "stop");
    }

    private static Reply Whole(ChatOrder order, List<(string Text, string Reason)> answers, string id, long created, JsonObject usage) => Reply.Json(new JsonObject
    {
        ["id"] = id,
        ["object"] = "chat.completion",
        ["created"] = created,
        ["model"] = order.Model,
        ["prompt"] = order.IsEchoed
            ? new JsonArray(new JsonObject { ["text"] = string.Join('\n', order.Messages.Select(message => message.Content)) })
            : new JsonArray(),
        ["choices"] = new JsonArray([.. answers.Select((answer, index) => new JsonObject
        {
            ["index"] = index,
            ["seed"] = order.Seed + index,
            ["finish_reason"] = answer.Reason,
            ["logprobs"] = null,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text, ["tool_calls"] = new JsonArray() },
        })]),
        ["usage"] = usage,
    });

    private static Reply Stream(ChatOrder order, List<(string Text, string Reason)> answers, string id, long created, JsonObject usage)
    {
        var stream = new StringBuilder();
        void Send(int index, string content, string? reason, JsonObject? total)
        {
            var chunk = new JsonObject
            {
                ["id"] = id,
                ["object"] = "chat.completion.chunk",
                ["created"] = created,
                ["model"] = order.Model,
                ["choices"] = new JsonArray(new JsonObject
                {
                    ["index"] = index,
                    ["delta"] = new JsonObject { ["role"] = "assistant", ["content"] = content },
                    ["finish_reason"] = reason,
                    ["seed"] = order.Seed + index,
                }),
                ["usage"] = total,
            };
            stream.Append("data: ").Append(Encoding.UTF8.GetString(Wire.Bytes(chunk))).Append("\n\n");
        }

        for (var i = 0; i < answers.Count; i++)
        {
            foreach (var piece in Pieces(answers[i].Text))
            {
                Send(i, piece, null, null);
            }

            Send(i, string.Empty, answers[i].Reason, i == answers.Count - 1 ? usage : null);
        }

        stream.Append("data: [DONE]\n\n");
        return new Reply { Status = 200, ContentType = "text/event-stream", Body = Encoding.UTF8.GetBytes(stream.ToString()) };
    }

    /// <summary>Words, each with the white space before it.</summary>
    private static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]))
            {
                yield return text[start..i];
                start = i;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
