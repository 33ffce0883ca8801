using System.Text.Json.Nodes;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Chat;

[CancelAfter(60_000)]
internal sealed class ChatRoutesTests
{
    private Harness _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await Harness.StartAsync(Harness.NewFolder(), time: new ManualTime());

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Models_are_a_bare_list_in_the_shape_of_the_API()
    {
        var models = (JsonArray)await _server.GetAsync("models");

        Assert.That(models.Select(model => model!["id"]!.GetValue<string>()), Is.EqualTo(new[] { FakeModelHost.Small, FakeModelHost.Judge }));
        Assert.That(models[0]!["object"]!.GetValue<string>(), Is.EqualTo("model"));
        Assert.That(models[0]!["type"]!.GetValue<string>(), Is.EqualTo("chat"));
        Assert.That(models[0]!["created"]!.GetValue<long>(), Is.Zero);
        Assert.That(
            models[0]!["pricing"]!.AsObject().Select(price => price.Key), Is.EquivalentTo(new[] { "hourly", "input", "output", "base", "finetune" }));
    }

    [Test]
    public async Task An_answer_has_every_required_field_and_adds_its_usage_up()
    {
        var reply = await _server.PostAsync(
            "chat/completions", """{"model":"fake/small","messages":[{"role":"user","content":"one two"}],"seed":7,"max_tokens":50}""");

        Assert.That(reply["object"]!.GetValue<string>(), Is.EqualTo("chat.completion"));
        Assert.That(reply["model"]!.GetValue<string>(), Is.EqualTo(FakeModelHost.Small));
        Assert.That(reply["created"]!.GetValue<long>(), Is.EqualTo(new ManualTime().GetUtcNow().ToUnixTimeSeconds()));
        Assert.That(reply["prompt"]!.AsArray(), Is.Empty);
        var choice = reply["choices"]!.AsArray().Single()!;
        Assert.That(choice["message"]!["content"]!.GetValue<string>(), Is.EqualTo("[fake/small] heard one two seed 7"));
        Assert.That(choice["message"]!["role"]!.GetValue<string>(), Is.EqualTo("assistant"));
        Assert.That(choice["finish_reason"]!.GetValue<string>(), Is.EqualTo("stop"));
        Assert.That(choice["seed"]!.GetValue<int>(), Is.EqualTo(7));
        Assert.That(reply["usage"]!["prompt_tokens"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(reply["usage"]!["completion_tokens"]!.GetValue<int>(), Is.EqualTo(6));
        Assert.That(reply["usage"]!["total_tokens"]!.GetValue<int>(), Is.EqualTo(8));
    }

    [Test]
    public async Task The_same_request_gets_the_same_bytes_and_another_gets_another_id()
    {
        const string Same = """{"model":"fake/small","messages":[{"role":"user","content":"hello"}]}""";
        const string SameOtherwiseWritten = """{"messages": [{"content": "hello", "role": "user"}], "model": "fake/small", "logit_bias": {}}""";
        const string Other = """{"model":"fake/small","messages":[{"role":"user","content":"hello!"}]}""";

        var first = (await _server.PostAsync("chat/completions", Same)).ToJsonString();
        var again = (await _server.PostAsync("chat/completions", SameOtherwiseWritten)).ToJsonString();
        var other = await _server.PostAsync("chat/completions", Other);

        Assert.That(again, Is.EqualTo(first));
        Assert.That(other["id"]!.GetValue<string>(), Is.Not.EqualTo(JsonNode.Parse(first)!["id"]!.GetValue<string>()));
    }

    [Test]
    public async Task Several_answers_come_each_with_a_seed_of_its_own()
    {
        var reply = await _server.PostAsync("chat/completions", """{"model":"fake/small","messages":[{"role":"user","content":"x"}],"seed":10,"n":3}""");

        Assert.That(reply["choices"]!.AsArray().Select(choice => choice!["index"]!.GetValue<int>()), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(reply["choices"]!.AsArray().Select(choice => choice!["seed"]!.GetValue<int>()), Is.EqualTo(new[] { 10, 11, 12 }));
        Assert.That(
            reply["choices"]!.AsArray().Select(choice => choice!["message"]!["content"]!.GetValue<string>()[^2..]), Is.EqualTo(new[] { "10", "11", "12" }));
    }

    [Test]
    public async Task The_token_limit_and_stop_words_end_an_answer_each_with_its_reason()
    {
        var cut = await _server.PostAsync("chat/completions", """{"model":"fake/small","messages":[{"role":"user","content":"a b c"}],"max_tokens":3}""");
        var stopped = await _server.PostAsync("chat/completions", """{"model":"fake/small","messages":[{"role":"user","content":"a b c"}],"stop":[" b"]}""");

        Assert.That(cut["choices"]![0]!["finish_reason"]!.GetValue<string>(), Is.EqualTo("length"));
        Assert.That(cut["choices"]![0]!["message"]!["content"]!.GetValue<string>(), Is.EqualTo("[fake/small] heard a"));
        Assert.That(stopped["choices"]![0]!["finish_reason"]!.GetValue<string>(), Is.EqualTo("stop"));
        Assert.That(stopped["choices"]![0]!["message"]!["content"]!.GetValue<string>(), Is.EqualTo("[fake/small] heard a"));
    }

    [Test]
    public async Task Echo_returns_the_prompt()
    {
        var reply = await _server.PostAsync("chat/completions", """{"model":"fake/small","messages":[{"role":"user","content":"say"}],"echo":true}""");

        Assert.That(reply["prompt"]![0]!["text"]!.GetValue<string>(), Is.EqualTo("say"));
    }

    [Test]
    public async Task Text_parts_and_null_answers_are_read_and_unknown_fields_are_ignored()
    {
        var reply = await _server.PostAsync("chat/completions", """
            {"model":"fake/small","seed":1,"frobnicate":{"a":[1]},"reasoning_effort":"low","tools":[],
             "messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[]},
                         {"role":"user","name":"n","content":[{"type":"text","text":"part"},{"type":"text","text":"two"}]}]}
            """);

        Assert.That(reply["choices"]![0]!["message"]!["content"]!.GetValue<string>(), Is.EqualTo("[fake/small] heard part\ntwo seed 1"));
    }

    [Test]
    public async Task A_stream_gives_the_same_answer_in_pieces_and_ends_with_done()
    {
        const string Messages = """ "model":"fake/small","messages":[{"role":"user","content":"αβ  γ"}],"seed":3,"n":2""";
        var whole = await _server.PostAsync("chat/completions", "{" + Messages + "}");
        using var response = await _server.Client.PostAsync("chat/completions", Harness.Json("{" + Messages + ""","stream":true}"""));
        var lines = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var chunks = lines[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!).ToList();

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(lines[^1], Is.EqualTo("data: [DONE]"));
        Assert.That(chunks.Select(chunk => chunk["object"]!.GetValue<string>()), Is.All.EqualTo("chat.completion.chunk"));
        foreach (var index in new[] { 0, 1 })
        {
            var own = chunks.Where(chunk => chunk["choices"]![0]!["index"]!.GetValue<int>() == index).Select(chunk => chunk["choices"]![0]!).ToList();
            Assert.That(
                string.Concat(own.Select(choice => choice["delta"]!["content"]!.GetValue<string>())),
                Is.EqualTo(whole["choices"]![index]!["message"]!["content"]!.GetValue<string>()));
            Assert.That(own[..^1].Select(choice => choice["finish_reason"]), Is.All.Null);
            Assert.That(own[^1]["finish_reason"]!.GetValue<string>(), Is.EqualTo("stop"));
        }

        Assert.That(chunks[^1]["usage"]!.ToJsonString(), Is.EqualTo(whole["usage"]!.ToJsonString()));
        Assert.That(chunks[0]["id"]!.GetValue<string>(), Is.EqualTo(whole["id"]!.GetValue<string>()));
    }

    [TestCase("not json", 400, null)]
    [TestCase("[]", 400, null)]
    [TestCase("""{"messages":[{"role":"user","content":"x"}]}""", 400, "model")]
    [TestCase("""{"model":"no/such","messages":[{"role":"user","content":"x"}]}""", 404, "model")]
    [TestCase("""{"model":"fake/small"}""", 400, "messages")]
    [TestCase("""{"model":"fake/small","messages":[]}""", 400, "messages")]
    [TestCase("""{"model":"fake/small","messages":["x"]}""", 400, "messages[0]")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"human","content":"x"}]}""", 400, "messages[0].role")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":null}]}""", 400, "messages[0].content")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", 400, "messages[0].content")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"temperature":2.5}""", 400, "temperature")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"top_p":-0.1}""", 400, "top_p")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"n":0}""", 400, "n")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"n":1.5}""", 400, "n")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", 400, "max_tokens")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"max_tokens":5000}""", 400, "max_tokens")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"stop":"bare"}""", 400, "stop")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", 400, "stream")]
    [TestCase("""{"model":"fake/small","messages":[{"role":"user","content":"x"}],"logprobs":5}""", 400, "logprobs")]
    public async Task A_bad_request_is_refused_with_the_field_at_fault(string body, int status, string? param)
    {
        var (actual, error) = await _server.FailAsync(HttpMethod.Post, "chat/completions", body);

        Assert.That(actual, Is.EqualTo(status), error.ToJsonString());
        Assert.That(error["message"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(error["type"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(error["param"]?.GetValue<string>(), Is.EqualTo(param));
    }

    [Test]
    public async Task A_limit_beyond_the_context_is_shortened_when_asked_for()
    {
        var reply = await _server.PostAsync(
            "chat/completions",
            """{"model":"fake/small","messages":[{"role":"user","content":"x"}],"max_tokens":5000,"context_length_exceeded_behavior":"truncate"}""");

        Assert.That(reply["choices"]![0]!["finish_reason"]!.GetValue<string>(), Is.EqualTo("stop"));
    }

    [Test]
    public async Task A_model_that_failed_to_open_is_opened_again()
    {
        var left = 1;
        await using var server = await Harness.StartAsync(
            Harness.NewFolder(), models: new FakeModelHost { OnOpen = () => _ = left-- > 0 ? throw new InvalidDataException("damaged") : 0 });
        const string Body = """{"model":"fake/small","messages":[{"role":"user","content":"x"}]}""";

        var (status, error) = await server.FailAsync(HttpMethod.Post, "chat/completions", Body);
        var reply = await server.PostAsync("chat/completions", Body);

        Assert.That((status, error["message"]!.GetValue<string>()), Is.EqualTo((500, "The sandbox failed: damaged")));
        Assert.That(reply["choices"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Two_clients_at_once_get_each_their_own_answers(CancellationToken cancellationToken)
    {
        using var other = new HttpClient { BaseAddress = _server.Client.BaseAddress };
        other.DefaultRequestHeaders.Authorization = new("Bearer", "another");
        async Task<string> AskAsync(HttpClient client, int i)
        {
            using var response = await client.PostAsync(
                "chat/completions", Harness.Json($$"""{"model":"fake/small","messages":[{"role":"user","content":"{{i}}"}],"seed":0}"""), cancellationToken);
            return (await Harness.ReadAsync(response))["choices"]![0]!["message"]!["content"]!.GetValue<string>();
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => AskAsync(i % 2 == 0 ? _server.Client : other, i)));

        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, 60).Select(i => $"[fake/small] heard {i} seed 0")));
    }
}
