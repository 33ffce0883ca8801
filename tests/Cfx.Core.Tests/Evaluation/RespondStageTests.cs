using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Tests.Generation;
using Microsoft.Extensions.Logging.Abstractions;
using TestContext = Cfx.Core.Evaluation.TestContext;

namespace Cfx.Core.Tests.Evaluation;

public sealed class RespondStageTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Each_context_gets_one_record_that_reads_back_as_written()
    {
        var summary = await RunAsync(new ScriptedModel(r => r.Messages[^1].Content switch
        {
            "question c0" => ScriptedModel.Reply("fine"),
            "question c1" => ScriptedModel.Reply("half", ChatOutcome.CutOff),
            _ => throw new ProviderException("chat: 500 down", 500),
        }), 3);
        var lines = await File.ReadAllLinesAsync(_folder["out.jsonl"]);

        Assert.That(summary, Is.EqualTo(new RespondSummary(3, 1, 1, 0, 0, 1, 20, 10)));
        Assert.That(lines[0], Is.EqualTo("""
            {"item_id":"c0","conversation_id":"c0","category":"UR2","context":[{"role":"user","content":"question c0"}],"model":"m","response":"fine","status":"complete","finish_reason":"stop","created_at":"2025-03-04T05:06:07Z","prompt_tokens":10,"completion_tokens":5}
            """));
        Assert.That(lines[2], Does.Contain("\"status\":\"failed\"").And.Contain("\"reason\":\"chat: 500 down\"").And.Contain("\"created_at\":null"));
        foreach (var line in lines)
        {
            Assert.That(ResponseRecord.Parse(JsonNode.Parse(line)!.AsObject(), "out").ToJson().ToJsonString(), Is.EqualTo(JsonNode.Parse(line)!.ToJsonString()));
        }
    }

    [Test]
    public async Task Equal_models_are_asked_with_equal_seeds_in_every_arm()
    {
        var (one, other) = (new ScriptedModel(_ => ScriptedModel.Reply("x")), new ScriptedModel(_ => ScriptedModel.Reply("x")));
        await RunAsync(one, 5);
        await RunAsync(other, 5, arm: "feedback");

        Assert.That(one.Requests.Select(r => r.Seed).Order(), Is.EqualTo(other.Requests.Select(r => r.Seed).Order()));
        Assert.That(one.Requests.Select(r => r.Seed).Distinct().Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task The_requests_told_ahead_are_those_that_the_stage_makes()
    {
        var model = new ScriptedModel(_ => ScriptedModel.Reply("x"));
        await RunAsync(model, 20);
        var ahead = await RespondStage.Requests(Contexts(20), Options("base")).ToListAsync();

        Assert.That(ahead, Has.Count.EqualTo(20));
        Assert.That(ahead.Select(RequestText.Of).Order(StringComparer.Ordinal), Is.EqualTo(model.Requests.Select(RequestText.Of).Order(StringComparer.Ordinal)));
    }

    [Test]
    public void Without_a_context_the_stage_says_what_to_do() =>
        Assert.That(async () => await RunAsync(new ScriptedModel(_ => ScriptedModel.Reply("x")), 0), Throws.TypeOf<StageFailedException>().With.Message.Contains("no test context"));

    [Test]
    public void A_dead_model_is_not_asked_for_every_context()
    {
        var model = new ScriptedModel(_ => throw new ProviderException("404 no such model", 404));

        Assert.That(async () => await RunAsync(model, 1000), Throws.TypeOf<StageFailedException>().With.Message.Contains("no such model"));
        Assert.That(model.Requests, Has.Count.LessThan(60));
    }

    private Task<RespondSummary> RunAsync(IChatModel model, int contexts, string arm = "base") =>
        new RespondStage(model, new RecordingProgress(), NullLogger.Instance).RunAsync(
            Contexts(contexts), Options(arm), CancellationToken.None);

    private static IAsyncEnumerable<TestContext> Contexts(int count) =>
        Enumerable.Range(0, count).Select(i => new TestContext($"c{i}", $"c{i}", "UR2", [new Message("user", $"question c{i}")])).ToAsyncEnumerable();

    private RespondOptions Options(string arm) =>
        new() { Arm = arm, Settings = new GenerationSettings("m", 0.7, 0.9, 100), OutputPath = _folder["out.jsonl"], Seed = 1 };
}
