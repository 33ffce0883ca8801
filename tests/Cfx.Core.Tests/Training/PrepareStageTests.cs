using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Training;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class PrepareStageTests
{
    private readonly RecordingLogger<PrepareStage> _logger = new();
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task Every_arm_holds_the_same_items_in_the_order_of_the_split()
    {
        Split(("a", "train"), ("b", "validation"), ("c", "train"), ("e", "train"));
        Processed("feedback", Improved("e"), Improved("a"), Improved("b"), Improved("c"), Improved("d"));
        Processed("alternative", Improved("a"), Improved("b"), Improved("c"), Improved("e"));
        var summary = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(Questions("feedback_training"), Is.EqualTo(new[] { "q a", "q c", "q e" }));
            Assert.That(Questions("alternative_training"), Is.EqualTo(Questions("feedback_training")));
            Assert.That(Questions("feedback_validation"), Is.EqualTo(new[] { "q b" }));
            Assert.That(Questions("alternative_validation"), Is.EqualTo(new[] { "q b" }));
            Assert.That(Answers("feedback_training")[0], Is.EqualTo("feedback a"));
            Assert.That(Answers("alternative_training")[0], Is.EqualTo("alternative a"));
            Assert.That(summary.UnknownItems, Is.EqualTo(1));
            Assert.That(summary.Arms["feedback"], Is.EqualTo(new ArmCounts(3, 1, 0)));
        });
    }

    [TestCase("declined")]
    [TestCase("failed")]
    [TestCase("cut_off")]
    [TestCase("empty")]
    [TestCase("refused")]
    public async Task An_item_that_one_method_could_not_improve_never_enters_any_arm(string status)
    {
        Split(("a", "train"), ("b", "train"));
        Processed("feedback", Improved("a"), NotImproved("b", status));
        Processed("alternative", Improved("a"), Improved("b"));
        var summary = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(Questions("feedback_training"), Is.EqualTo(new[] { "q a" }));
            Assert.That(Questions("alternative_training"), Is.EqualTo(new[] { "q a" }));
            Assert.That(summary.LeftOutItems, Is.EqualTo(1));
            Assert.That(summary.LeftOut["feedback"][status], Is.EqualTo(1));
            Assert.That(
                File.ReadAllText(_folder["prepare.left_out.jsonl"]),
                Is.EqualTo($$"""{"item_id":"b","method":"feedback","side":"train","reason":"{{status}}","detail":"because"}""" + "\n"));
        });
    }

    [Test]
    public async Task A_record_in_bad_form_in_one_method_is_left_out_of_all()
    {
        Split(("a", "train"), ("b", "train"), ("c", "train"));
        Processed("feedback", Improved("a"), Improved("b", answer: "  "), Improved("c"));
        Processed("alternative", Improved("a"), Improved("b"), Improved("c", first: "assistant"));
        var summary = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(Questions("feedback_training"), Is.EqualTo(new[] { "q a" }));
            Assert.That(Questions("alternative_training"), Is.EqualTo(new[] { "q a" }));
            Assert.That(summary.LeftOutItems, Is.EqualTo(2));
            Assert.That(summary.LeftOut["feedback"]["bad_form"], Is.EqualTo(1));
            Assert.That(File.ReadAllText(_folder["prepare.left_out.jsonl"]), Does.Contain("conversation_context[1].content: the message has no text"));
        });
    }

    [Test]
    public async Task A_record_that_still_ends_with_its_feedback_is_left_out()
    {
        Split(("a", "train"), ("b", "train"));
        var record = Improved("b");
        record["conversation_context"]!.AsArray().Add((JsonNode)new JsonObject { ["role"] = "user", ["content"] = "no" });
        Processed("feedback", Improved("a"), record);
        var summary = await RunAsync(methods: ["feedback"]);
        Assert.That(summary.LeftOut["feedback"]["bad_form"], Is.EqualTo(1));
        Assert.That(Questions("feedback_training"), Is.EqualTo(new[] { "q a" }));
    }

    [Test]
    public async Task An_item_missing_from_one_file_or_with_another_context_there_is_left_out_and_said_so()
    {
        Split(("a", "train"), ("b", "train"), ("c", "train"), ("n", "train"));
        Processed("feedback", Improved("a"), Improved("b"), Improved("c"));
        Processed("alternative", Improved("a"), Improved("c", question: "another question"));
        var summary = await RunAsync();
        Assert.Multiple(() =>
        {
            Assert.That(Questions("feedback_training"), Is.EqualTo(new[] { "q a" }));
            Assert.That(summary.LeftOut["alternative"]["missing"], Is.EqualTo(1));
            Assert.That(summary.LeftOut["alternative"]["context_differs"], Is.EqualTo(1));
            Assert.That(summary.NotProcessed, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Positive_items_enter_every_arm_unchanged_and_alone_make_the_positive_only_arm()
    {
        Split(("a", "train"), ("p", "train"), ("v", "validation"));
        Processed("feedback", Improved("a"), Kept("p"), Kept("v"));
        Processed("alternative", Improved("a"), Kept("p"), Kept("v"));
        var summary = await RunAsync(positiveOnly: true);
        Assert.Multiple(() =>
        {
            Assert.That(Answers("feedback_training"), Is.EqualTo(new[] { "feedback a", "kept p" }));
            Assert.That(Answers("alternative_training"), Is.EqualTo(new[] { "alternative a", "kept p" }));
            Assert.That(Answers("positive_only_training"), Is.EqualTo(new[] { "kept p" }));
            Assert.That(Answers("positive_only_validation"), Is.EqualTo(new[] { "kept v" }));
            Assert.That(summary.Arms["positive_only"], Is.EqualTo(new ArmCounts(1, 1, 2)));
        });
    }

    [Test]
    public async Task A_kept_answer_without_positive_feedback_does_not_enter()
    {
        Split(("a", "train"), ("b", "train"));
        var record = Kept("b");
        record["category"] = "UR2";
        Processed("feedback", Improved("a"), record);
        Processed("alternative", Improved("a"), Improved("b"));
        var summary = await RunAsync();
        Assert.That(summary.LeftOut["feedback"]["contradictory"], Is.EqualTo(1));
        Assert.That(Questions("feedback_training"), Is.EqualTo(new[] { "q a" }));
    }

    [Test]
    public async Task Files_pass_their_own_check_with_weights_as_tokens_and_the_summary_is_snake_case()
    {
        Split(("a", "train"), ("b", "validation"));
        Processed("feedback", Improved("a"), Improved("b"));
        await RunAsync(methods: ["feedback"]);
        var line = File.ReadAllLines(_folder["feedback_training.jsonl"]).Single();
        var report = await TrainingFileCheck.CheckFileAsync(_folder["feedback_training.jsonl"], 1, CancellationToken.None);
        var summary = JsonNode.Parse(File.ReadAllText(_folder["prepare.json"]))!;
        Assert.Multiple(() =>
        {
            Assert.That(
                line,
                Is.EqualTo("""{"messages":[{"role":"user","content":"q a","weight":0},{"role":"assistant","content":"feedback a","weight":1}]}"""));
            Assert.That(report.IsValid, Is.True);
            Assert.That((int)summary["arms"]!["feedback"]!["training"]!, Is.EqualTo(1));
            Assert.That((int)summary["train_items"]!, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_limit_keeps_the_first_usable_items_and_the_same_ones_in_every_arm()
    {
        Split(("a", "train"), ("b", "train"), ("c", "train"), ("d", "validation"));
        Processed("feedback", NotImproved("a", "declined"), Improved("b"), Improved("c"), Improved("d"));
        Processed("alternative", Improved("d"), Improved("c"), Improved("b"), Improved("a"));
        var summary = await new PrepareStage(_logger).RunAsync(
            new PrepareOptions(_folder.Root, ["feedback", "alternative"], false, null, 2), CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(Questions("feedback_training"), Is.EqualTo(new[] { "q b", "q c" }));
            Assert.That(Questions("alternative_training"), Is.EqualTo(new[] { "q b", "q c" }));
            Assert.That(Questions("feedback_validation"), Is.Empty);
            Assert.That((summary.LeftOutItems, summary.AboveMaximum), Is.EqualTo((1, 1)));
        });
    }

    [Test]
    public async Task A_second_run_gives_the_same_bytes()
    {
        Split(("a", "train"), ("b", "validation"), ("c", "train"));
        Processed("feedback", Improved("a"), Improved("b"), NotImproved("c", "declined"));
        Processed("alternative", Improved("c"), Improved("b"), Improved("a"));
        await RunAsync();
        var first = Directory.GetFiles(_folder.Root).ToDictionary(f => f, File.ReadAllText, StringComparer.Ordinal);
        await RunAsync();
        Assert.That(Directory.GetFiles(_folder.Root).ToDictionary(f => f, File.ReadAllText, StringComparer.Ordinal), Is.EqualTo(first));
    }

    [Test]
    public void When_nothing_is_left_the_stage_fails_with_the_reasons_and_writes_no_training_file()
    {
        Split(("a", "train"));
        Processed("feedback", NotImproved("a", "declined"));
        Processed("alternative", Improved("a"));
        Assert.Multiple(() =>
        {
            Assert.That(() => RunAsync(), Throws.InstanceOf<StageFailedException>().With.Message.Contains("feedback: 1 declined"));
            Assert.That(File.Exists(_folder["alternative_training.jsonl"]), Is.False);
        });
    }

    [Test]
    public void A_missing_or_broken_input_is_one_line_with_file_and_line()
    {
        Split(("a", "train"));
        Assert.That(() => RunAsync(), Throws.InstanceOf<MisuseException>().With.Message.Contains("feedback.jsonl").And.Message.Contains("Process"));
        _folder.WriteLines("feedback.jsonl", Improved("a").ToJsonString(), "{broken");
        Assert.That(() => RunAsync(), Throws.InstanceOf<MisuseException>().With.Message.Contains("feedback.jsonl, line 2"));
        Processed("feedback", Improved("a"), Improved("a"));
        Assert.That(() => RunAsync(), Throws.InstanceOf<MisuseException>().With.Message.Contains("feedback.jsonl, line 2").And.Message.Contains("second time"));
    }

    [TestCase("test")]
    [TestCase("elsewhere")]
    public void An_item_of_another_side_than_training_has_is_refused(string side)
    {
        Split(("a", "train"), ("b", side));
        Processed("feedback", Improved("a"), Improved("b"));
        Processed("alternative", Improved("a"), Improved("b"));
        Assert.That(
            () => RunAsync(),
            Throws.InstanceOf<MisuseException>().With.Message.Contains("training_items.jsonl, line 2").And.Message.Contains($"'{side}'").And.Message.Contains("Split"));
    }

    private Task<PrepareSummary> RunAsync(bool positiveOnly = false, string[]? methods = null) =>
        new PrepareStage(_logger).RunAsync(
            new PrepareOptions(_folder.Root, methods ?? ["feedback", "alternative"], positiveOnly, null), CancellationToken.None);

    private void Split(params (string Id, string Side)[] items) =>
        _folder.WriteLines("training_items.jsonl", [.. items.Select(i => $$"""{"item_id":"{{i.Id}}","conversation_id":"{{i.Id}}","side":"{{i.Side}}"}""")]);

    private void Processed(string method, params JsonObject[] records) =>
        _folder.WriteLines($"{method}.jsonl", [.. records.Select(r => r.ToJsonString().Replace("METHOD", method, StringComparison.Ordinal))]);

    private static JsonObject Improved(string id, string? answer = null, string? question = null, string first = "user") =>
        Record(id, "UR2", true, "improved", question ?? $"q {id}", answer ?? $"METHOD {id}", first);

    private static JsonObject NotImproved(string id, string status)
    {
        var record = Record(id, "UR3", false, status, $"q {id}", "the disliked answer", "user");
        record["reason"] = "because";
        return record;
    }

    private static JsonObject Kept(string id) => Record(id, "UR5", false, "kept", $"q {id}", $"kept {id}", "user");

    private static JsonObject Record(string id, string category, bool improved, string status, string question, string answer, string first) => new()
    {
        ["conversation_id"] = id,
        ["item_id"] = id,
        ["category"] = category,
        ["conversation_context"] = new JsonArray(
            new JsonObject { ["role"] = first, ["content"] = question },
            new JsonObject { ["role"] = "assistant", ["content"] = answer }),
        ["improved"] = improved,
        ["status"] = status,
    };

    private List<string> Questions(string file) => Contents(file, 0);

    private List<string> Answers(string file) => Contents(file, 1);

    private List<string> Contents(string file, int message) =>
    [
        .. File.ReadAllLines(_folder[$"{file}.jsonl"])
            .Select(l => JsonElement.Parse(l).GetProperty("messages")[message].GetProperty("content").GetString()!),
    ];
}
