using System.Text;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Training;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class PreferencePairTests
{
    private const string Good = """
        {"input":{"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"}]},"preferred_output":[{"role":"assistant","content":"better"}],"non_preferred_output":[{"role":"assistant","content":"worse"}]}
        """;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public void A_pair_in_the_strict_form_passes() => Assert.That(Fault(Good), Is.Null);

    [Test]
    public void Every_written_pair_passes_and_reads_back_as_it_was() =>
        Prop.ForAll(TrainingGenerators.Conversation().ToArbitrary(), conversation =>
        {
            Message[] context = [.. conversation.SkipLast(1)];
            var answer = conversation[^1].Content;
            var line = PreferenceLine.Write(context, answer + "!", answer);
            var json = JsonNode.Parse(line.Span)!;
            return TrainingFileCheck.Fault(line.Span, TrainingKind.Dpo) is null
                && json["input"]!["messages"]!.AsArray().Select(m => ((string)m!["role"]!, (string)m["content"]!)).SequenceEqual(context.Select(m => (m.Role, m.Content)))
                && (string)json["preferred_output"]![0]!["content"]! == answer + "!"
                && (string)json["non_preferred_output"]![0]!["content"]! == answer;
        }).QuickCheckThrowOnFailure();

    [TestCase("\"role\":\"user\"", "\"role\":\"assistant\"", "the assistant right after the system message")]
    [TestCase("\"role\":\"user\"", "\"role\":\"tool\"", "the role 'tool'")]
    [TestCase("\"content\":\"q\"", "\"content\":\" \"", "an empty content")]
    [TestCase("\"content\":\"q\"", "\"content\":\"q\",\"weight\":0", "the key 'weight'")]
    [TestCase("\"content\":\"q\"", "\"content\":\"q\",\"content\":\"r\"", "not a JSON object")]
    [TestCase("\"content\":\"q\"", "\"content\":[\"q\"]", "not text")]
    [TestCase(",{\"role\":\"user\",\"content\":\"q\"}", "", "the last message is the system's")]
    [TestCase("worse", "better", "both answers are the same")]
    [TestCase("\"non_preferred_output\"", "\"rejected\"", "no 'non_preferred_output'")]
    [TestCase("{\"input\"", "{\"id\":1,\"input\"", "the key 'id'")]
    [TestCase("[{\"role\":\"assistant\",\"content\":\"better\"}]", "[]", "preferred_output: not an array of one message")]
    [TestCase("[{\"role\":\"assistant\",\"content\":\"better\"}]", "[{\"role\":\"user\",\"content\":\"better\"}]", "preferred_output: the message is the user's")]
    [TestCase("\"input\":{", "\"input\":{\"tools\":[],", "input: the key 'tools'")]
    [TestCase("\"worse\"}]}", "\"worse\"}]} {}", "not a JSON object")]
    public void Anything_that_a_provider_refuses_or_misreads_is_found(string from, string to, string fault)
    {
        var line = Good.Replace(from, to, StringComparison.Ordinal);
        Assert.That(line, Is.Not.EqualTo(Good));
        Assert.That(Fault(line), Does.Contain(fault));
    }

    [Test]
    public async Task Pairs_are_made_of_the_same_items_in_every_method_and_of_disliked_answers_only()
    {
        _folder.WriteLines("training_items.jsonl", [.. "abcde".Select(c => $$"""{"item_id":"{{c}}","side":"{{(c == 'e' ? "validation" : "train")}}"}""")]);
        Processed("feedback", Improved("a", "fa"), Improved("b", "fb", disliked: "fb"), Kept("c"), Improved("d", "fd", disliked: null), Improved("e", "fe"));
        Processed("alternative", Improved("a", "aa"), Improved("b", "ab"), Kept("c"), Improved("d", "ad"), Improved("e", "ae"));

        var summary = await new PrepareStage(new RecordingLogger<PrepareStage>()).RunAsync(
            new PrepareOptions(_folder.Root, ["feedback", "alternative"], false, null) { PreferenceMethods = ["feedback", "alternative"] }, CancellationToken.None);

        Assert.That(_folder.Lines("feedback_dpo_training.jsonl").Select(l => $"{Question(l)} {Preferred(l)} {Disliked(l)}"), Is.EqualTo(new[] { "q a fa bad a" }));
        Assert.That(_folder.Lines("alternative_dpo_training.jsonl").Select(l => $"{Question(l)} {Preferred(l)} {Disliked(l)}"), Is.EqualTo(new[] { "q a aa bad a" }));
        Assert.That(_folder.Lines("feedback_dpo_validation.jsonl").Select(Question), Is.EqualTo(new[] { "q e" }));
        Assert.That(summary.Arms["feedback_dpo"], Is.EqualTo(new ArmCounts(1, 1, 0)));
        Assert.That(summary.Arms["feedback"].Training, Is.EqualTo(4), "the arms that learn answers lose nothing");
        Assert.That(summary.LeftOut["feedback_dpo"]["no_pair"], Is.EqualTo(2));
        Assert.That(_folder.Lines("prepare.left_out.jsonl").Select(l => $"{l["item_id"]}: {l["detail"]}"), Is.EqualTo(new[]
        {
            "b: both answers are the same, so that nothing would be learnt", "d: no 'original_assistant_response'",
        }));
    }

    [Test]
    public async Task A_preference_job_is_asked_for_as_one_and_a_file_of_conversations_is_refused_for_it()
    {
        var service = new ScriptedFineTuning();
        var options = new FineTuneOptions(
            "dpo", "sandbox", true, "base/model", _folder.WriteLines("p.jsonl", Good.Trim()), null,
            new Hyperparameters(3, 1e-5, null, true, 8, 0, null) { DpoBeta = 0.3 }, "dpo", _folder["dpo_job.json"], true, TimeSpan.FromSeconds(10), null, false);
        var plain = options with { Hyperparameters = options.Hyperparameters with { DpoBeta = null } };
        var stage = new FineTuneStage(service, new SkippingTime(), new RecordingProgress(), new RecordingLogger<FineTuneStage>());

        Assert.ThrowsAsync<MisuseException>(() => stage.RunAsync(plain, CancellationToken.None));
        var record = await stage.RunAsync(options, CancellationToken.None);

        Assert.That(service.Requests.Single().Training, Is.EqualTo(TrainingKind.Dpo));
        Assert.That(service.Requests.Single().Dpo!.Beta, Is.EqualTo(0.3));
        Assert.That((await JobRecord.ReadAsync(options.RecordPath, CancellationToken.None))!.Hyperparameters.DpoBeta, Is.EqualTo(0.3));
        var other = await JobPlan.MakeAsync(options with { Hyperparameters = options.Hyperparameters with { DpoBeta = 0.1 } }, CancellationToken.None);
        Assert.That(other.Fingerprint, Is.Not.EqualTo(record.Fingerprint));
    }

    private static string? Fault(string line) => TrainingFileCheck.Fault(Encoding.UTF8.GetBytes(line.Trim()), TrainingKind.Dpo);

    private void Processed(string method, params JsonObject[] records) => _folder.WriteLines($"{method}.jsonl", [.. records.Select(r => r.ToJsonString())]);

    private static JsonObject Kept(string id) => Record(id, "UR5", "kept", $"good {id}");

    private static JsonObject Improved(string id, string answer) => Improved(id, answer, $"bad {id}");

    private static JsonObject Improved(string id, string answer, string? disliked)
    {
        var record = Record(id, "UR2", "improved", answer);
        if (disliked is not null)
        {
            record["original_assistant_response"] = disliked;
        }

        return record;
    }

    private static JsonObject Record(string id, string category, string status, string answer) => new()
    {
        ["item_id"] = id,
        ["category"] = category,
        ["conversation_context"] = new JsonArray(
            new JsonObject { ["role"] = "user", ["content"] = $"q {id}" }, new JsonObject { ["role"] = "assistant", ["content"] = answer }),
        ["improved"] = status is "improved",
        ["status"] = status,
    };

    private static string Question(JsonObject line) => (string)line["input"]!["messages"]![0]!["content"]!;

    private static string Preferred(JsonObject line) => (string)line["preferred_output"]![0]!["content"]!;

    private static string Disliked(JsonObject line) => (string)line["non_preferred_output"]![0]!["content"]!;
}
