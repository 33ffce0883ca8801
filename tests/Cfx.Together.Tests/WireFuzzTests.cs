using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Training;

namespace Cfx.Together.Tests;

/// <summary>Every reply of the provider with each of its values in turn taken out or replaced by something of another type.</summary>
[TestFixture]
[CancelAfter(240_000)]
public sealed class WireFuzzTests : ClientFixture
{
    private static readonly string[] Replacements =
    [
        "null", "true", "0", "-1", "0.5", "1e400", "12345678901234567890123", "\"\"", "\"word\"", "\"\\ud800\"", "\"2026-13-45T99:00:00Z\"", "[]", "[null]", "[[1]]",
        "{}", "{\"a\":null}",
    ];

    private static readonly FineTuningRequest Job = new("m", "file-1", "file-2", new Hyperparameters(1, 0, null, true, null, 1, null), "s");

    public static IEnumerable<TestCaseData> Replies()
    {
        yield return Case("chat", Chat, Completion(), c => c.ChatWith(new CallLimits(4, TimeSpan.Zero), new RecordingMeter()).CompleteAsync(
            new ChatRequest("m", [new Message(Roles.User, "hello")], 0, 1, 10, null), CancellationToken.None));
        yield return Case(
            "models", "GET /v1/models",
            """[{"id":"a/b","object":"model","created":1,"type":"chat","display_name":"d","context_length":8192,"pricing":{"hourly":0,"input":1,"output":2,"base":0,"finetune":0}}]""",
            c => c.Models.ListAsync(CancellationToken.None));
        yield return Case("supported", "GET /v1/fine-tunes/models/supported", """{"models":["a","b"]}""", c => c.Models.FineTunableAsync(CancellationToken.None));
        yield return Case("whoami", "GET /v1/whoami", """{"content_version":"c","project_id":"p"}""", c => c.Models.ContentVersionAsync(CancellationToken.None));
        yield return Case(
            "files", "GET /v1/files",
            """{"data":[{"id":"f","object":"file","created_at":1,"filename":"n","bytes":2,"purpose":"fine-tune","FileType":"jsonl","Processed":true}]}""",
            c => c.Files.ListAsync(CancellationToken.None));
        yield return Case(
            "file", "GET /v1/files/f",
            """{"id":"f","object":"file","created_at":1,"filename":"n","bytes":2,"purpose":"fine-tune","processing_status":"COMPLETED","validation_report":{"valid":true,"error":"e"}}""",
            c => c.Files.GetAsync("f", CancellationToken.None));
        yield return Case("created job", "POST /v1/fine-tunes", JobJson, c => c.FineTuning.CreateAsync(Job, CancellationToken.None));
        yield return Case("job", "GET /v1/fine-tunes/j", JobJson, c => c.FineTuning.GetAsync("j", CancellationToken.None));
        yield return Case("jobs", "GET /v1/fine-tunes", $$"""{"data":[{{JobJson}}]}""", c => c.FineTuning.ListAsync(CancellationToken.None));
        yield return Case("cancelled job", "POST /v1/fine-tunes/j/cancel", JobJson, c => c.FineTuning.CancelAsync("j", CancellationToken.None));
        yield return Case("deleted job", "DELETE /v1/fine-tunes/j", """{"message":"m"}""", c => c.FineTuning.DeleteAsync("j", CancellationToken.None));
        yield return Case("deleted file", "DELETE /v1/files/f", """{"id":"f","deleted":true}""", c => c.Files.DeleteAsync("f", CancellationToken.None));
        yield return Case(
            "events", "GET /v1/fine-tunes/j/events",
            """{"data":[{"object":"fine-tune-event","created_at":"2026-01-02T03:04:05Z","level":"info","message":"m","type":"job_start","step":1,"total_steps":2}]}""",
            c => c.FineTuning.EventsAsync("j", CancellationToken.None));
        yield return Case(
            "metrics", "GET /v1/fine-tunes/j/metrics", """{"metrics":[{"train/loss":0.5,"train/global_step":7},{"eval/loss":0.4,"eval/global_step":7}]}""",
            c => c.FineTuning.MetricsAsync("j", CancellationToken.None));
        yield return Case(
            "checkpoints", "GET /v1/fine-tunes/j/checkpoints", """{"data":[{"step":1,"created_at":"x","path":"p","checkpoint_type":"Final"}]}""",
            c => c.FineTuning.CheckpointsAsync("j", CancellationToken.None));
        yield return Case(
            "limits", "GET /v1/fine-tunes/models/limits",
            """{"model_name":"m","full_training":{"max_batch_size":8,"min_batch_size":8},"lora_training":{"max_batch_size":8,"min_batch_size":8,"max_rank":64},"max_num_epochs":20,"max_num_evals":10,"max_learning_rate":1,"min_learning_rate":0}""",
            c => c.FineTuning.LimitsAsync("m", CancellationToken.None));
        yield return Case(
            "estimate", "POST /v1/fine-tunes/estimate-price",
            """{"estimated_total_price":1.5,"allowed_to_proceed":true,"user_limit":10,"estimated_train_token_count":5,"estimated_eval_token_count":6,"estimation_available":true}""",
            c => c.FineTuning.EstimateAsync(Job, CancellationToken.None));
        yield return Case("error", Chat, """{"error":{"message":"m","type":"t","param":null,"code":"c"}}""", c => c.Models.ListAsync(CancellationToken.None), "GET /v1/models", 400);
    }

    private const string JobJson = """
        {"id":"j","status":"running","model":"b","model_output_name":"me/m","suffix":"s","training_file":"f","created_at":"2026-01-02T03:04:05.678Z","updated_at":"x",
         "total_price":1500000000,"token_count":850000,"progress":{"estimate_available":true,"seconds_remaining":12.5},"events":[{"x":1}],"batch_size":"max"}
        """;

    [TestCaseSource(nameof(Replies))]
    public async Task A_reply_of_any_shape_is_understood_or_a_fault_of_the_provider(string route, string body, int status, Func<TogetherClient, Task> call)
    {
        Use(Options with { Attempts = 1 });
        int sent = 0, understood = 0;
        foreach (var mutated in Mutations(body))
        {
            Server.Always(route, new Answer(status, mutated));
            sent++;
            try
            {
                await call(Client);
                understood++;
            }
            catch (ProviderException e)
            {
                Assert.That(e.Message, Does.Not.Contain('\n'));
            }
            catch (Exception e) when (e is not AssertionException)
            {
                Assert.Fail($"{mutated}\n{e}");
            }
        }

        Assert.That(sent, Is.GreaterThan(10));
        Assert.That(understood, status == 200 ? Is.GreaterThan(0) : Is.Zero);
    }

    [Test]
    public async Task An_answer_that_can_be_read_is_not_lost_to_an_odd_value_beside_it()
    {
        foreach (var odd in Replacements)
        {
            foreach (var path in new object[][] { ["id"], ["created"], ["usage"], ["usage", "prompt_tokens"], ["prompt"], ["choices", 0, "index"] })
            {
                Server.Always(Chat, Answer.Ok(Replace(Completion(), path, odd)));
                Assert.That((await AskAsync()).Content, Is.EqualTo("hi"));
            }
        }

        Assert.That(Server.Count(Chat), Is.EqualTo(Replacements.Length * 6), "none was asked again");
    }

    private static TestCaseData Case(string name, string route, string body, Func<TogetherClient, Task> call, string? otherRoute = null, int status = 200) =>
        new TestCaseData(otherRoute ?? route, body, status, call).SetArgDisplayNames(name);

    private static IEnumerable<string> Mutations(string body)
    {
        yield return body;
        for (var i = 0; i < body.Length; i += 9)
        {
            yield return body[..i];
        }

        foreach (var replacement in Replacements)
        {
            yield return replacement;
        }

        foreach (var path in Paths(JsonNode.Parse(body)!).ToList())
        {
            foreach (var replacement in Replacements.Append(null))
            {
                yield return Replace(body, path, replacement);
            }
        }
    }

    /// <summary>The way to every value: names and positions.</summary>
    private static IEnumerable<object[]> Paths(JsonNode node)
    {
        var children = node switch
        {
            JsonObject o => o.Select(p => ((object)p.Key, p.Value)),
            JsonArray a => a.Select((v, i) => ((object)i, v)),
            _ => [],
        };
        foreach (var (step, child) in children)
        {
            yield return [step];
            foreach (var rest in child is null ? [] : Paths(child))
            {
                yield return [step, .. rest];
            }
        }
    }

    /// <summary>The body with one value replaced, as text so that no JSON library has to hold the replacement; null takes it out.</summary>
    private static string Replace(string body, object[] path, string? replacement)
    {
        const string Mark = "here-goes-the-replacement";
        var root = JsonNode.Parse(body)!;
        var parent = root;
        foreach (var step in path[..^1])
        {
            parent = step is string name ? parent[name]! : parent[(int)step]!;
        }

        switch (parent)
        {
            case JsonObject o when replacement is null:
                o.Remove((string)path[^1]);
                break;
            case JsonArray a when replacement is null:
                a.RemoveAt((int)path[^1]);
                break;
            case JsonObject o:
                o[(string)path[^1]] = Mark;
                break;
            default:
                parent.AsArray()[(int)path[^1]] = Mark;
                break;
        }

        return root.ToJsonString().Replace($"\"{Mark}\"", replacement, StringComparison.Ordinal);
    }
}
