using System.Text;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Jobs;
using Cfx.Sandbox.Prices;
using Cfx.Sandbox.Serving;

namespace Cfx.Sandbox.Chat;

/// <summary>The routes /chat/completions and /models.</summary>
internal sealed class ChatRoutes(ModelDirectory models, JobStore jobs, ChatEngine engine, ServingDesk serving, PriceList prices)
{
    public IEnumerable<Route> All() =>
    [
        new("GET", "/models", List),
        new("POST", "/chat/completions", CompleteAsync),
        new("GET", "/whoami", _ => Task.FromResult(Reply.Json(WhoAmI()))),
    ];

    private JsonObject WhoAmI() => new()
    {
        ["user_id"] = "sandbox-user",
        ["organization"] = "sandbox",
        ["project_id"] = ServingDesk.Project,
        ["project_slug"] = ServingDesk.Slug,

        // Answers may be kept beyond this server's life, but not beyond its models'. As a paid provider it has none, which it says: a reply that leaves
        // the field out is a spoilt one.
        ["content_version"] = prices.IsRehearsal ? null : models.Host.ContentVersion,
    };

    private Task<Reply> List(ApiCall call)
    {
        var tuned = jobs
            .List(job => (job.OutputName, job.Settings.Model, job.UpdatedAt, job.Status))
            .Where(job => job.Status is JobWord.Completed)
            .Select(job => Describe(job.OutputName, job.OutputName, "sandbox-user", job.UpdatedAt.ToUnixTimeSeconds(), models.FindBase(job.Model)));
        var bases = models.Host.BaseModels.Select(model => Describe(model.Name, model.DisplayName, "sandbox", 0, model));
        var isDedicated = call.Query("dedicated") is "true";
        return Task.FromResult(Reply.Json(isDedicated ? new JsonArray([.. bases.Concat(tuned).Where(model => serving.IsDeployable(model["id"]!.GetValue<string>()))]) : new JsonArray([.. bases, .. tuned])));
    }

    private JsonObject Describe(string id, string name, string owner, long created, ServedModelInfo? info)
    {
        var price = prices.Of(info);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "model",
            ["created"] = created,
            ["type"] = "chat",
            ["display_name"] = name,
            ["organization"] = owner,
            ["license"] = "mit",
            ["context_length"] = info?.ContextLength ?? 0,
            ["pricing"] = new JsonObject
            {
                ["hourly"] = 0,
                ["input"] = price.Input,
                ["output"] = price.Output,
                ["base"] = 0,
                ["finetune"] = price.FineTune,
            },
        };
    }

    private async Task<Reply> CompleteAsync(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        call.Model = body.Text("model");
        var answer = await engine.AnswerAsync(body, isBatch: false, call.Aborted);
        call.BilledUsd = answer.BilledUsd;
        return answer.Order.IsStreamed ? Stream(answer) : Reply.Json(ChatWire.Whole(answer));
    }

    private static Reply Stream(ChatAnswer answer)
    {
        var stream = new StringBuilder();
        void Send(int index, string content, string? reason, JsonObject? total) =>
            stream.Append("data: ").Append(Encoding.UTF8.GetString(Wire.Bytes(ChatWire.Chunk(answer, index, content, reason, total)))).Append("\n\n");

        for (var i = 0; i < answer.Choices.Count; i++)
        {
            foreach (var piece in Pieces(answer.Choices[i].Text))
            {
                Send(i, piece, null, null);
            }

            Send(i, string.Empty, answer.Choices[i].Reason, i == answer.Choices.Count - 1 ? ChatWire.Usage(answer) : null);
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
