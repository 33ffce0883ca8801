using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Generation.Improvement;

public sealed class ImproveStageTests
{
    private static readonly ImprovementMethods Methods = ImprovementMethods.Standard(ProjectFiles.Prompts);
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task An_improved_record_is_the_input_with_the_answer_replaced_and_the_feedback_gone()
    {
        var item = Items.Make("a#2", system: "Be brief.");
        var before = item.Source.ToJsonString();
        await RunAsync(new ScriptedModel(_ => ScriptedModel.Reply(" good answer\n")), [item]);
        var record = Records().Single();

        Assert.That(record.ToJsonString(), Is.EqualTo("""
            {"conversation_id":"a","unknown":1.50,"conversation_context":[{"role":"system","content":"Be brief.","mood":"kept"},{"role":"user","content":"question a#2","mood":"kept"},{"role":"assistant","content":"good answer","mood":"kept"}],"category":"UR2","item_id":"a#2","improved":true,"status":"improved","generation_method":"feedback_based","generator_model":"gen","generator_provider":"sandbox","original_assistant_response":"bad answer","improvement_timestamp":"2025-03-04T05:06:07Z"}
            """));
        Assert.That(item.Source.ToJsonString(), Is.EqualTo(before), "the record that was read is left alone");
    }

    [Test]
    public async Task A_liked_answer_stays_and_only_its_feedback_goes()
    {
        var model = new ScriptedModel(_ => throw new InvalidOperationException("nobody needs asking"));
        var summary = await RunAsync(model, [Items.Make("a", FeedbackCategory.UR5, answer: "fine answer")]);
        var record = Records().Single();

        Assert.That((summary.Kept, model.Requests.Count), Is.EqualTo((1, 0)));
        Assert.That((bool)record["improved"]!, Is.False);
        Assert.That((string)record["status"]!, Is.EqualTo("kept"));
        Assert.That(record["conversation_context"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That((string)record["conversation_context"]![1]!["content"]!, Is.EqualTo("fine answer"));
    }

    [TestCase("N/A - nothing usable", ChatOutcome.Complete, "declined")]
    [TestCase(" bad answer ", ChatOutcome.Complete, "declined")]
    [TestCase("half an ans", ChatOutcome.CutOff, "cut_off")]
    [TestCase("", ChatOutcome.Empty, "empty")]
    [TestCase(" \n", ChatOutcome.Complete, "empty")]
    [TestCase("I cannot", ChatOutcome.Refused, "refused")]
    public async Task A_reply_that_is_no_better_answer_never_counts_as_improved(string reply, ChatOutcome outcome, string status)
    {
        var item = Items.Make("a");
        var good = Items.Make("b");
        await RunAsync(new ScriptedModel(r => r.Messages[^1].Content.Contains("question a", StringComparison.Ordinal)
            ? ScriptedModel.Reply(reply, outcome)
            : ScriptedModel.Reply("good")), [item, good]);
        var record = Records()[0];

        Assert.That((string)record["status"]!, Is.EqualTo(status));
        Assert.That((bool)record["improved"]!, Is.False);
        Assert.That((string)record["reason"]!, Is.Not.Empty);
        Assert.That(record.ContainsKey("generation_method"), Is.False);
        Assert.That(JsonNode.DeepEquals(record["conversation_context"], item.Source["conversation_context"]), Is.True, "the conversation is left as it was");
    }

    [Test]
    public async Task A_failed_call_fails_its_item_alone_and_says_why()
    {
        var summary = await RunAsync(
            new ScriptedModel(r => r.Messages[^1].Content.Contains("question b", StringComparison.Ordinal)
                ? throw new ProviderException("chat: 500 the server fell over", 500)
                : ScriptedModel.Reply("good")),
            [Items.Make("a"), Items.Make("b"), Items.Make("c")]);

        Assert.That((summary.Improved, summary.Failed), Is.EqualTo((2, 1)));
        Assert.That((string)Records()[1]["status"]!, Is.EqualTo("failed"));
        Assert.That((string)Records()[1]["reason"]!, Is.EqualTo("chat: 500 the server fell over"));
    }

    [Test]
    public void When_nothing_works_the_stage_stops_early_and_leaves_no_file()
    {
        var model = new ScriptedModel(_ => throw new ProviderException("no such model: gen", 404));

        Assert.That(
            async () => await RunAsync(model, Enumerable.Range(0, 500).Select(i => Items.Make($"i{i}"))),
            Throws.TypeOf<StageFailedException>().With.Message.Contains("no such model: gen"));
        Assert.That(model.Requests, Has.Count.LessThan(60));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Root), Is.Empty);
    }

    [Test]
    public async Task Records_come_in_input_order_up_to_the_maximum_of_usable_items()
    {
        var items = Enumerable.Range(0, 40).Select(i => Items.Make($"i{i}", i % 5 == 0 ? FeedbackCategory.UR5 : i % 7 == 0 ? FeedbackCategory.UR1 : FeedbackCategory.UR3)).ToList();
        var model = new ScriptedModel(_ => ScriptedModel.Reply("good"));
        await RunAsync(model, items, max: 12);

        var expected = items.Where(item => item.Category != FeedbackCategory.UR1).Take(12).Select(i => i.ItemId);
        Assert.That(Records().Select(r => (string)r["item_id"]!), Is.EqualTo(expected));
    }

    [Test]
    public async Task The_maximum_takes_the_same_items_whatever_the_method_uses_of_them()
    {
        var items = Enumerable.Range(0, 10).Select(i => Items.Make($"i{i}", i % 2 == 0 ? FeedbackCategory.UR5 : FeedbackCategory.UR2)).ToList();
        var summary = await RunAsync(new ScriptedModel(_ => ScriptedModel.Reply("x")), items, "positive_only", max: 6);

        Assert.That(Records().Select(r => (string)r["item_id"]!), Is.EqualTo(new[] { "i0", "i2", "i4" }));
        Assert.That((summary.Kept, summary.Skipped), Is.EqualTo((3, 3)));
    }

    [Test]
    public async Task Both_methods_ask_about_an_item_with_the_same_seed_and_sampling()
    {
        var requests = new List<ChatRequest>();
        foreach (var method in (string[])["feedback", "alternative"])
        {
            var model = new ScriptedModel(_ => ScriptedModel.Reply("good"));
            await RunAsync(model, [Items.Make("a")], method);
            requests.Add(model.Requests.Single());
        }

        Assert.That(requests[0].Seed, Is.Not.Null.And.EqualTo(requests[1].Seed));
        Assert.That(SameSampling(requests[0], requests[1]), Is.True);
    }

    [Test]
    public async Task A_file_of_the_users_own_comes_out_as_an_array_when_its_name_ends_in_json()
    {
        await RunAsync(new ScriptedModel(_ => ScriptedModel.Reply("good")), [Items.Make("a"), Items.Make("b", FeedbackCategory.UR4), Items.Make("c")], output: "out.json");
        var array = JsonNode.Parse(await File.ReadAllTextAsync(_folder["out.json"]))!.AsArray();

        Assert.That(array.Select(r => (string)r!["item_id"]!), Is.EqualTo(new[] { "a", "c" }));
    }

    [Test]
    public async Task The_same_run_gives_the_same_bytes_however_many_calls_are_under_way()
    {
        var items = Enumerable.Range(0, 60).Select(i => Items.Make($"i{i}")).ToList();
        await RunAsync(new ScriptedModel(r => ScriptedModel.Reply($"seed {r.Seed}")), items, output: "one.jsonl", concurrency: 1);
        await RunAsync(new ScriptedModel(r => ScriptedModel.Reply($"seed {r.Seed}")), items, output: "many.jsonl", concurrency: 16);

        Assert.That(await File.ReadAllBytesAsync(_folder["many.jsonl"]), Is.EqualTo(await File.ReadAllBytesAsync(_folder["one.jsonl"])));
    }

    [TestCase("feedback", null)]
    [TestCase("alternative", 12)]
    [TestCase("positive_only", null)]
    public async Task The_requests_told_ahead_are_those_that_the_stage_makes(string method, int? max)
    {
        var items = Enumerable.Range(0, 40).Select(i => Items.Make($"i{i}", Enum.GetValues<FeedbackCategory>()[i % 5])).ToList();
        var model = new ScriptedModel(_ => ScriptedModel.Reply("good"));
        await RunAsync(model, items, method, max);
        var ahead = await ImproveStage.Requests(items.ToAsyncEnumerable(), Options(method, max), CancellationToken.None).ToListAsync();

        Assert.That(ahead.Select(RequestText.Of).Order(StringComparer.Ordinal), Is.EqualTo(model.Requests.Select(RequestText.Of).Order(StringComparer.Ordinal)));
        Assert.That(ahead, method == "positive_only" ? Is.Empty : Is.Not.Empty);
    }

    private static bool SameSampling(ChatRequest a, ChatRequest b) =>
        (a.Model, a.Temperature, a.TopP, a.MaxTokens, a.Seed) == (b.Model, b.Temperature, b.TopP, b.MaxTokens, b.Seed);

    private Task<ImproveSummary> RunAsync(
        IChatModel model,
        IEnumerable<FeedbackItem> items,
        string method = "feedback",
        int? max = null,
        string output = "out.jsonl",
        int concurrency = 8) =>
        new ImproveStage(model, new RecordingProgress(), NullLogger.Instance).RunAsync(
            items.ToAsyncEnumerable(), Options(method, max, output, concurrency), CancellationToken.None);

    private ImproveOptions Options(string method, int? max, string output = "out.jsonl", int concurrency = 8) => new()
    {
        Method = Methods.Get(method),
        Settings = new GenerationSettings("gen", 0.3, 0.9, 1000),
        Provider = "sandbox",
        OutputPath = _folder[output],
        MaxItems = max,
        Concurrency = concurrency,
        Seed = 42,
    };

    private List<JsonObject> Records() =>
        [.. File.ReadAllLines(_folder["out.jsonl"]).Select(l => JsonNode.Parse(l)!.AsObject())];
}
