using System.Text.Json.Nodes;
using Cfx.Core.Auditing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Auditing;

public sealed class LeakageStageTests
{
    private const string Question = "How do I keep a sourdough starter alive while I am away from home for three weeks in summer?";
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _folder.WriteLines("test.jsonl", Item("t1", Question), Item("t2", "What is the capital of Peru, and how high above the sea does it lie?"), Item("t3", "Continue"));
        _folder.WriteLines("train.jsonl", Item("a1", "Explain how a heat pump can deliver more heat than the current it draws."));
        _folder.WriteLines("a_training.jsonl", Example("Explain how a heat pump can deliver more heat than the current it draws."));
        _folder.WriteLines("a_validation.jsonl", []);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Sides_that_share_nothing_give_a_clean_report()
    {
        var report = await RunAsync();

        Assert.That((report.TestContexts, report.Overlapping.Count, report.NearDuplicates), Is.EqualTo((3, 0, 0)));
        Assert.That(report.Marks(), Is.Empty);
        Assert.That(_folder.Json("leakage.json")["files"]!.AsArray().Select(f => (int)f!["examples"]!), Is.EqualTo(new[] { 1, 1, 0 }));
    }

    [TestCase("a_training.jsonl")]
    [TestCase("a_validation.jsonl")]
    public async Task A_test_context_planted_in_any_training_file_is_found_whatever_its_case_and_spaces(string file)
    {
        await File.AppendAllTextAsync(_folder[file], Example("  HOW do I keep a sourdough starter alive\n while I am away from home for three weeks in summer?") + "\n");
        var report = await RunAsync();

        Assert.That(report.Overlapping, Is.EqualTo(new[] { "t1" }));
        Assert.That(report.IsExcessive, Is.True, "one of three");
        Assert.That(report.NearDuplicates, Is.Zero, "what is the same is not also nearly the same");
        var found = _folder.Json("leakage.json")["overlap"]!["items"]![0]!;
        Assert.That((string)found["places"]![0]!, Does.StartWith(file + ", line"));
        Assert.That(found["by"]!.ToJsonString(), Is.EqualTo("""["context"]"""));
    }

    [Test]
    public async Task A_context_counts_in_preference_pairs_and_is_only_reported_where_a_longer_conversation_begins_with_it()
    {
        _folder.WriteLines("a_training.jsonl", Line(("user", Question), ("assistant", "Dry it."), ("user", "How?"), ("assistant", "Slowly.")));
        var longer = await RunAsync();
        Assert.That(longer.Overlapping, Is.Empty);
        Assert.That((int)longer.Json["begins_longer_conversation"]!["contexts"]!, Is.EqualTo(1));

        _folder.WriteLines("a_training.jsonl", new JsonObject
        {
            ["input"] = new JsonObject { ["messages"] = Messages(("user", Question)) },
            ["preferred_output"] = Messages(("assistant", "Dry it.")),
            ["non_preferred_output"] = Messages(("assistant", "Throw it away.")),
        }.ToJsonString());
        Assert.That((await RunAsync()).Overlapping, Is.EqualTo(new[] { "t1" }));
    }

    [Test]
    public async Task The_same_conversation_on_the_training_side_counts_with_another_context()
    {
        _folder.WriteLines("train.jsonl", Item("t2", "Something else entirely, asked in the same conversation at a later time."));
        var report = await RunAsync();

        Assert.That(report.Overlapping, Is.EqualTo(new[] { "t2" }));
        Assert.That((int)report.Json["overlap"]!["by_conversation_id"]!, Is.EqualTo(1));
    }

    [Test]
    public async Task A_near_duplicate_is_shown_with_its_pair_and_stays_in()
    {
        var near = Question.Replace("three weeks", "two weeks", StringComparison.Ordinal);
        _folder.WriteLines("a_training.jsonl", Example(near));
        var report = await RunAsync();
        var pair = _folder.Json("leakage.json")["near_duplicates"]!["pairs"]![0]!;

        Assert.That((report.Overlapping.Count, report.NearDuplicates), Is.EqualTo((0, 1)));
        Assert.That(((string)pair["test_text"]!, (string)pair["training_text"]!), Is.EqualTo((Question, near)));
        Assert.That((double)pair["similarity"]!, Is.InRange(0.7, 0.99));
    }

    [Test]
    public async Task A_shared_last_message_is_reported_and_drops_nothing()
    {
        _folder.WriteLines("a_training.jsonl", Line(("user", "Tell me a story."), ("assistant", "Once upon a time"), ("user", "continue"), ("assistant", "there was a fox.")));
        var report = await RunAsync();

        Assert.That(report.Overlapping, Is.Empty);
        Assert.That((int)report.Json["last_user_message"]!["contexts"]!, Is.EqualTo(1));
    }

    [Test]
    public async Task Repetitions_within_the_test_are_counted()
    {
        _folder.WriteLines("test.jsonl", Item("t1", Question), Item("t1", "Another question in it?"), Item("t4", Question));
        var json = (await RunAsync()).Json["test"]!;

        Assert.That(json.ToJsonString(), Is.EqualTo("""{"contexts":1,"items":3,"repeated_conversations":1,"repeated_contexts":1,"repeated_last_user_messages":1}"""));
    }

    [Test]
    public async Task The_file_reads_back_as_the_same_report()
    {
        _folder.WriteLines("a_training.jsonl", Example(Question));
        var made = await RunAsync();
        var read = await LeakageReport.LoadAsync(_folder["leakage.json"], CancellationToken.None);

        Assert.That(read.Overlapping, Is.EqualTo(made.Overlapping));
        Assert.That(read.Marks(), Is.EqualTo(made.Marks()));
        _folder.Write("leakage.json", "{}");
        Assert.That(async () => await LeakageReport.LoadAsync(_folder["leakage.json"], CancellationToken.None), Throws.TypeOf<MisuseException>().With.Message.Contains("leakage.json"));
    }

    [Test]
    public void The_estimate_of_long_texts_is_near_their_true_similarity()
    {
        var words = Enumerable.Range(0, 600).Select(i => $"word{i * 7919 % 10007}").ToArray();
        var other = words.Select((w, i) => i % 60 == 0 ? "changed" + i : w).ToArray();
        var (a, b) = (string.Join(' ', words), string.Join(' ', other));
        static HashSet<string> Shingles(string text) => [.. Enumerable.Range(0, text.Length - 7).Select(i => text.Substring(i, 8))];
        var (x, y) = (Shingles(a), Shingles(b));
        var truth = (double)x.Intersect(y).Count() / x.Union(y).Count();

        Assert.That(NearDuplicates.Similarity(a, b), Is.EqualTo(truth).Within(0.12), "three standard errors of 128 hashes");
    }

    private static string Item(string id, string question) => new JsonObject
    {
        ["conversation_id"] = id,
        ["category"] = "UR3",
        ["conversation_context"] = Messages(("user", question), ("assistant", "An answer."), ("user", "No, that is wrong.")),
    }.ToJsonString();

    private static string Example(string question) => Line(("user", question), ("assistant", "An answer."));

    private static string Line(params (string Role, string Content)[] messages) => new JsonObject { ["messages"] = Messages(messages) }.ToJsonString();

    private static JsonArray Messages(params (string Role, string Content)[] messages) =>
        new([.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]);

    private Task<LeakageReport> RunAsync() => new LeakageStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
        new LeakageOptions(_folder["test.jsonl"], null, _folder["train.jsonl"], [_folder["a_training.jsonl"], _folder["a_validation.jsonl"]], _folder["leakage.json"]),
        CancellationToken.None);
}
