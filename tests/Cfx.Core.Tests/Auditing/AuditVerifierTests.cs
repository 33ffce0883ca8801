using System.Text.Json.Nodes;
using Cfx.Core.Auditing;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;
using Cfx.Core.Tests.Generation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Auditing;

public sealed class AuditVerifierTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        static JsonArray Messages(params (string Role, string Content)[] messages) =>
            new([.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]);
        _folder.WriteLines("feedback.jsonl", Enumerable.Range(0, 10).Select(i => new JsonObject
        {
            ["item_id"] = $"n{i}",
            ["conversation_id"] = $"n{i}",
            ["category"] = "UR3",
            ["conversation_context"] = Messages(("user", $"zquestion {i}"), ("assistant", $"zimproved {i}")),
            ["improved"] = true,
            ["status"] = "improved",
            ["original_assistant_response"] = "zbefore",
        }.ToJsonString()));
        _folder.WriteLines("items.jsonl", Enumerable.Range(0, 10).Select(i => new JsonObject
        {
            ["conversation_id"] = $"p{i}",
            ["category"] = "UR5",
            ["conversation_context"] = Messages(("user", $"liked {i}"), ("assistant", "liked answer"), ("user", "Thanks!")),
        }.ToJsonString()));
        var model = new ScriptedModel(r => ScriptedModel.Reply(
            r.Model == "large" ? "another answer"
            : r.Messages[^1].Content.Contains("zquestion 3", StringComparison.Ordinal) ? "No idea."
            : r.Messages[^1].Content.Contains("zquestion", StringComparison.Ordinal)
                ? r.Messages[^1].Content.IndexOf("zimproved", StringComparison.Ordinal) < r.Messages[^1].Content.IndexOf("zbefore", StringComparison.Ordinal) ? "Better: [[A]]" : "Better: [[B]]"
                : "Always the first: [[A]]"));
        await new AuditStage(model, model, new RecordingProgress(), NullLogger.Instance).RunAsync(
            new AuditOptions
            {
                ProcessedPath = _folder["feedback.jsonl"],
                ItemsPath = _folder["items.jsonl"],
                Alternative = AlternativeMethod.Load(ProjectFiles.Prompts),
                Generator = new GenerationSettings("large", 0.3, 0.9, 100),
                Judge = new GenerationSettings("judge", 0, 1, 100),
                Prompts = JudgePrompts.Load(ProjectFiles.Prompts),
                Provider = "sandbox",
                GeneratorProvider = "sandbox",
                OutputPath = _folder["audit.json"],
                Size = 20,
                Seed = 42,
            },
            CancellationToken.None);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task An_audit_as_the_stage_wrote_it_follows_from_the_judges_words()
    {
        Assert.That(await VerifyAsync(), Is.Empty);
        Assert.That((string)_folder.Json("audit.json")["pairs"]![0]!["judgments"]![0]!["text"]!, Does.StartWith("Better: [["));
    }

    [TestCase("normal")]
    [TestCase("reversed")]
    [TestCase("preferred")]
    public async Task A_letter_that_the_judges_words_do_not_give_is_found(string field)
    {
        Change(a => a["pairs"]![0]![field] = "TIE");
        Assert.That(await VerifyAsync(), Has.Exactly(1).Items.And.Some.StartsWith($"audit.json: item n0: \"{field}\" is TIE, and "));
    }

    [Test]
    public async Task Words_of_the_judge_that_were_changed_are_found_in_the_pair_and_in_the_figures()
    {
        Change(a => a["pairs"]![0]!["judgments"]![0]!["text"] = "[[TIE]]");
        Assert.That(await VerifyAsync(), Has.Some.StartsWith("audit.json: item n0: the verdict in normal order is").And.Some.EqualTo("audit.json: \"negative\" is not what its judgments give"));
    }

    [Test]
    public async Task A_second_asking_that_was_changed_is_found()
    {
        Change(a => a["pairs"]!.AsArray().First(p => p!["judgment_again"] is not null)!["judgment_again"]!["text"] = "[[TIE]]");
        Assert.That(await VerifyAsync(), Has.Some.EqualTo("audit.json: \"repeat\" is not what its judgments give"));
    }

    [TestCase("reading")]
    [TestCase("warnings")]
    [TestCase("agreement")]
    [TestCase("order")]
    public async Task A_figure_or_sentence_that_the_judgments_do_not_give_is_found(string name)
    {
        Change(a => a[name] = "All is well.");
        Assert.That(await VerifyAsync(), Is.EqualTo(new[] { $"audit.json: \"{name}\" is not what its judgments give" }));
    }

    [Test]
    public async Task An_audit_without_the_judges_words_is_not_taken_for_verified()
    {
        Change(a => a["schema_version"] = 1);
        Assert.That(await VerifyAsync(), Has.Exactly(1).Items.And.Some.Contains("run Audit again"));
    }

    private Task<IReadOnlyList<string>> VerifyAsync() => AuditVerifier.VerifyAsync(_folder["audit.json"], "audit.json", default);

    private void Change(Action<JsonObject> change)
    {
        var json = _folder.Json("audit.json");
        change(json);
        File.WriteAllText(_folder["audit.json"], json.ToJsonString());
    }
}
