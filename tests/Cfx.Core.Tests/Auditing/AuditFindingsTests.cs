using System.Text.Json.Nodes;
using Cfx.Core.Auditing;
using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Auditing;

public sealed class AuditFindingsTests
{
    private TemporaryFolder _folder = null!;
    private JsonObject _evaluation = null!;
    private AuditSource _source = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _folder.Write("feedback.jsonl", "rewrites");
        _folder.Write("items.jsonl", "items");
        _source = new AuditSource(
            _folder["feedback.jsonl"], _folder["items.jsonl"], [PromptTemplate.Load(_folder.Write("alternative.txt", "Answer well."))],
            new GenerationSettings("large", 0.7, 0.9, 1024), "together");
        _evaluation = (JsonObject)JsonNode.Parse("""{"provider":"together","judge":{"model":"j","temperature":0,"top_p":1,"max_tokens":512},"prompts":{"judge":"a","judge_reminder":"b"}}""")!;
        Write(await AuditFindings.InputsAsync(_source.ProcessedPath, _source.ItemsPath, _source.AlternativePrompts, CancellationToken.None));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task An_audit_of_the_same_judge_generator_and_data_is_the_studys()
    {
        var findings = await LoadAsync();

        Assert.That(findings!.Differences, Is.Empty);
        Assert.That(findings.NotAudited, Is.Empty);
        var json = findings.ToJson();
        Assert.That((bool)json["matches_study"]!, Is.True);
        Assert.That((double)json["agreement"]!["difference"]!, Is.EqualTo(0.4));
        Assert.That(json.ContainsKey("pairs"), Is.False, "single pairs stay in audit.json");
    }

    [Test]
    public async Task Without_a_file_there_is_nothing()
    {
        File.Delete(_folder["audit.json"]);

        Assert.That(await LoadAsync(), Is.Null);
    }

    [TestCase("judge", "model", "\"other\"", "judge j against the users, and the study's judge is other")]
    [TestCase("judge", "temperature", "1", "another temperature")]
    [TestCase("judge", "max_tokens", "64", "longest reply")]
    [TestCase("prompts", "judge", "\"changed\"", "other prompts")]
    [TestCase(null, "provider", "\"openai\"", "served by together, and the study's by openai")]
    public async Task A_study_that_asks_its_judge_otherwise_now_is_told_from_the_audits(string? part, string field, string value, string said)
    {
        (part is null ? _evaluation : (JsonObject)_evaluation[part]!)[field] = JsonNode.Parse(value);

        Assert.That((await LoadAsync())!.Differences, Has.Exactly(1).Items.And.Some.Contains(said));
    }

    [Test]
    public async Task Another_generator_or_sampling_is_told()
    {
        var generator = _source.Generator;
        _source = _source with { Generator = generator with { Model = "larger" } };
        Assert.That((await LoadAsync())!.Differences, Has.Exactly(1).Items.And.Some.Contains("asked large for the other answers, and the study's generator is larger"));

        _source = _source with { Generator = generator with { Temperature = 0.2 } };
        Assert.That((await LoadAsync())!.Differences, Has.Exactly(1).Items.And.Some.Contains("another sampling"));

        _source = _source with { Generator = generator, GeneratorProvider = "openai" };
        Assert.That((await LoadAsync())!.Differences, Is.EqualTo(new[] { "The model that wrote the other answers was served by together, and the study's by openai." }));
    }

    [Test]
    public async Task Another_prompt_for_the_other_answers_is_told()
    {
        _source = _source with { AlternativePrompts = [PromptTemplate.Load(_folder.Write("alternative.txt", "Answer otherwise."))] };

        Assert.That((await LoadAsync())!.Differences, Is.EqualTo(new[] { "The study's rewrites, items or prompt for other answers have changed since." }));
    }

    [TestCase("feedback.jsonl")]
    [TestCase("items.jsonl")]
    public async Task Other_data_are_told(string file)
    {
        _folder.Write(file, "changed since");

        Assert.That((await LoadAsync())!.Differences, Is.EqualTo(new[] { "The study's rewrites, items or prompt for other answers have changed since." }));
    }

    [Test]
    public async Task An_audit_that_does_not_tell_its_data_is_not_passed_off_as_the_studys()
    {
        Write(null);

        Assert.That((await LoadAsync())!.Differences, Has.Exactly(1).Items.And.Some.Contains("does not tell of what data"));
    }

    [Test]
    public async Task Of_several_judges_the_first_is_audited_and_the_others_are_named()
    {
        _evaluation["judge"]!["model"] = "majority of j, k";
        _evaluation["judges"] = JsonNode.Parse("""[{"model":"j"},{"model":"k"}]""");

        var findings = await LoadAsync();

        Assert.That(findings!.Differences, Is.Empty);
        Assert.That(findings.NotAudited, Is.EqualTo(new[] { "k" }));
    }

    [TestCase("[]")]
    [TestCase("{")]
    [TestCase("{\"agreement\":{}}")]
    public void What_is_no_audit_is_named(string text)
    {
        _folder.Write("audit.json", text);

        Assert.That(async () => await LoadAsync(), Throws.TypeOf<MisuseException>().With.Message.Contains("audit.json").And.Message.Contains("not an audit"));
    }

    private Task<AuditFindings?> LoadAsync() => AuditFindings.LoadAsync(
        _folder["audit.json"], new AuditedStudy([_evaluation], _source), CancellationToken.None);

    private void Write(JsonObject? inputs) => _folder.Write("audit.json", new JsonObject
    {
        ["provider"] = "together",
        ["judge"] = new JsonObject { ["model"] = "j", ["temperature"] = 0, ["max_tokens"] = 512 },
        ["generator"] = new JsonObject { ["model"] = "large", ["temperature"] = 0.7, ["top_p"] = 0.9, ["max_tokens"] = 1024, ["provider"] = "together" },
        ["prompts"] = new JsonObject { ["judge"] = "a", ["judge_reminder"] = "b" },
        ["inputs"] = inputs,
        ["negative"] = new JsonObject { ["rate"] = 0.7 },
        ["positive"] = new JsonObject { ["rate"] = 0.3 },
        ["agreement"] = new JsonObject { ["difference"] = 0.4 },
        ["pairs"] = new JsonArray(new JsonObject { ["item_id"] = "i" }),
    }.ToJsonString());
}
