using Cfx.Core.Conversations;
using Cfx.Core.Redaction;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Redaction;

public sealed class FilterRedactionTests
{
    private const string Good = """{"conversation_id":"a","category":"UR2","note":"x@example.org","conversation_context":[{"role":"user","content":"I am ann@example.org"},{"role":"assistant","content":"ok"},{"role":"user","content":"no, ann@example.org"}]}""";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make_folder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete_folder() => _folder.Dispose();

    [Test]
    public async Task Neither_kept_nor_rejected_records_hold_what_the_rules_name_and_the_summary_counts_it()
    {
        var input = _folder.Write("in.jsonl", string.Join('\n', Good, """{"conversation_id":"b","category":"bob@example.org"}""", "not json cy@example.org"));

        var summary = await RunAsync(input, new Redactor([BuiltInRules.Get("email"), BuiltInRules.Get("phone")]));

        foreach (var file in Directory.GetFiles(_folder["out"]))
        {
            Assert.That(File.ReadAllText(file), Does.Not.Contain("example.org"), file);
        }

        Assert.That(_folder.Lines("out/filtered.jsonl")[0].ToJsonString(), Does.Contain("I am [EMAIL]").And.Contain("\"note\":\"[EMAIL]\""));
        Assert.That(_folder.Json("out/filter.json")["redacted"]!.ToJsonString(), Is.EqualTo("""{"total":5,"email":5,"phone":0}"""));
        Assert.That(summary.Redacted!["email"], Is.EqualTo(5));
    }

    [Test]
    public async Task Without_rules_the_files_are_as_ever()
    {
        var summary = await RunAsync(_folder.Write("in.jsonl", Good), Redactor.None);

        Assert.That(summary.Redacted, Is.Null);
        Assert.That(_folder.Json("out/filter.json").AsObject().ContainsKey("redacted"), Is.False);
        Assert.That(File.ReadAllText(_folder["out/filtered.jsonl"]), Is.EqualTo(Good[..^1] + ",\"item_id\":\"a\"}\n"));
    }

    private Task<FilterSummary> RunAsync(string input, Redactor redactor) => new FilterStage(NullLogger.Instance, new RecordingProgress())
        .RunAsync(FilterOptions.ForFolder([input], _folder["out"]) with { Redactor = redactor }, CancellationToken.None);
}
