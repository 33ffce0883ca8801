using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.TestData;
using Microsoft.Extensions.Logging.Abstractions;
using static Cfx.Core.Tests.Conversations.FeedbackItemLocatorTests;

namespace Cfx.Core.Tests.Conversations;

public class FilterStageTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make_folder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete_folder() => _folder.Dispose();

    private Task<FilterSummary> RunAsync(params string[] inputs) =>
        new FilterStage(NullLogger.Instance, new RecordingProgress())
            .RunAsync(FilterOptions.ForFolder(inputs, _folder["out"]), CancellationToken.None);

    private string Input(params JsonObject[] records) => _folder.Write("in.jsonl", string.Join('\n', records.Select(r => r.ToJsonString())));

    private string[] ItemIds() => [.. _folder.Lines("out/filtered.jsonl").Select(line => line["item_id"]!.GetValue<string>())];

    [Test]
    public async Task Every_record_of_a_generated_file_is_accounted_for()
    {
        var generator = new ConversationGenerator(new ConversationGeneratorOptions(3000, AwkwardRate: 0.2, DuplicateRate: 0.1));
        var records = generator.Records().ToArray();
        foreach (var name in (string[])["in.json", "in.jsonl"])
        {
            await generator.WriteAsync(_folder[name]);
            var progress = new RecordingProgress();
            var summary = await new FilterStage(NullLogger.Instance, progress)
                .RunAsync(FilterOptions.ForFolder([_folder[name]], _folder["out"]), CancellationToken.None);

            var usable = records.Where(r => r.Awkward is null).ToArray();
            var used = usable.Where(r => r.Category is "UR2" or "UR3" or "UR5").ToArray();
            Assert.That(summary.Read, Is.EqualTo(3000));
            Assert.That(summary.Duplicates, Is.EqualTo(used.Count(r => r.IsDuplicate)).And.GreaterThan(0));
            Assert.That(summary.KeptTotal, Is.EqualTo(used.Count(r => !r.IsDuplicate)));
            Assert.That(summary.LeftOutTotal, Is.EqualTo(usable.Length - used.Length));
            Assert.That(summary.RejectedTotal, Is.EqualTo(records.Count(r => r.Awkward is not null)));
            Assert.That(summary.Rejected, Has.Count.GreaterThanOrEqualTo(12));
            Assert.That(ItemIds(), Is.Unique.And.Length.EqualTo(summary.KeptTotal));
            Assert.That(_folder.Lines("out/filtered.rejected.jsonl"), Has.Length.EqualTo(summary.RejectedTotal));
            Assert.That(_folder.Json("out/filter.json")["rejected"]!["total"]!.GetValue<long>(), Is.EqualTo(summary.RejectedTotal));
            Assert.That(progress.Reports[^1], Is.EqualTo("records 3000/"));
        }
    }

    [Test]
    public async Task A_kept_record_is_as_read_but_for_its_item_id()
    {
        var text = "{\"z\":1.50,\"conversation_id\":7,\"category\":\"ur3\",\"conversation_context\":[{\"role\":\"user\",\"content\":\"q\",\"at\":1e3},{\"role\":\"assistant\",\"content\":\"é\"},{\"role\":\"user\",\"content\":\"no\"}],\"x\":{\"y\":[null]}";
        await RunAsync(_folder.Write("in.jsonl", text + "}"));
        Assert.That(File.ReadAllText(_folder["out/filtered.jsonl"]), Is.EqualTo(text + ",\"item_id\":\"7\"}\n"));
    }

    [Test]
    public async Task Further_feedback_in_one_conversation_is_an_item_of_its_own_and_no_name_is_given_twice()
    {
        await RunAsync(Input(
            Record("c", "UR2", "u q", "a b", "u no"),
            Record("c#2", "UR2", "u q", "a b", "u no"),
            Record("c", "UR2", "u q", "a b", "u no", "a x", "u no again"),
            Record("c", "UR5", "u q", "a b", "u no", "a x", "u no again", "a y", "u thanks")));
        Assert.That(ItemIds(), Is.EqualTo((string[])["c", "c#2", "c#3", "c#4"]));
    }

    [Test]
    public async Task An_exact_duplicate_is_dropped_and_a_contradicting_one_rejected()
    {
        var other = Record("c", "UR2", "u q", "a b", "u no");
        other["source"] = "another export";
        var summary = await RunAsync(Input(
            Record("c", "UR2", "u q", "a b", "u no"), other, Record("c", "UR3", "u q", "a b", "u no"), Record("d", "UR2", "u q", "a b", "u no")));
        Assert.That(summary.Duplicates, Is.EqualTo(1));
        Assert.That(summary.Rejected[RejectionCode.ConflictingCategory], Is.EqualTo(1));
        Assert.That(ItemIds(), Is.EqualTo((string[])["c", "d"]));
    }

    [Test]
    public async Task A_rejected_record_is_kept_with_place_field_reason_and_text()
    {
        var bad = Record("c", "UR2", "u q", "a  ", "u no");
        var input = _folder.Write("in.json", $"[{Record("d", "UR2", "u q", "a b", "u no").ToJsonString()},\n{bad.ToJsonString()}]");
        await RunAsync(input);
        var line = _folder.Lines("out/filtered.rejected.jsonl").Single();
        Assert.That(line["file"]!.GetValue<string>(), Is.EqualTo(input));
        Assert.That(line["index"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(line["line"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(line["id"]!.GetValue<string>(), Is.EqualTo("c"));
        Assert.That(line["field"]!.GetValue<string>(), Is.EqualTo("conversation_context[1].content"));
        Assert.That(line["reason"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(JsonNode.DeepEquals(line["record"], bad), Is.True);
    }

    [Test]
    public void A_file_without_any_category_is_refused_with_how_to_give_one()
    {
        var record = Record("c", "UR2", "u q", "a b", "u no");
        record.Remove("category");
        Assert.That(() => RunAsync(Input(record)), Throws.TypeOf<MisuseException>().With.Message.Contains("\"category\": \"UR1\""));
        Assert.That(Directory.GetFiles(_folder["out"]), Is.Empty);
    }

    [Test]
    public async Task One_record_without_a_category_among_others_is_rejected_with_the_same_remedy()
    {
        var record = Record("c", "UR2", "u q", "a b", "u no");
        record.Remove("category");
        var summary = await RunAsync(Input(record, Record("d", "UR1", "u q", "a b", "u no"), Record("e", "UR2", "u q", "a b", "u no")));
        Assert.That(summary.Rejected[RejectionCode.MissingCategory], Is.EqualTo(1));
        Assert.That(_folder.Lines("out/filtered.rejected.jsonl").Single()["reason"]!.GetValue<string>(), Does.Contain("\"UR5\""));
    }

    [Test]
    public void Inputs_that_give_nothing_are_refused_by_name()
    {
        Assert.That(() => RunAsync(_folder["none.json"]), Throws.TypeOf<MisuseException>().With.Message.Contains("none.json"));
        Assert.That(() => RunAsync(_folder.Write("empty.json", "[]")), Throws.TypeOf<MisuseException>().With.Message.Contains("empty.json"));
        Assert.That(() => RunAsync(), Throws.TypeOf<MisuseException>());
        Assert.That(
            () => RunAsync(Input(Record("c", "UR1", "u q", "a b", "u no"), Record("d", "UR2", "u q"))),
            Throws.TypeOf<MisuseException>().With.Message.Contains("no message of the assistant"));
    }

    [Test]
    public async Task A_broken_array_leaves_earlier_files_as_they_were()
    {
        await RunAsync(Input(Record("c", "UR2", "u q", "a b", "u no")));
        var broken = _folder.Write("broken.json", $"[{Record("d", "UR2", "u q", "a b", "u no").ToJsonString()},");
        Assert.That(() => RunAsync(broken), Throws.TypeOf<MisuseException>());
        Assert.That(ItemIds(), Is.EqualTo((string[])["c"]));
        Assert.That(Directory.GetFiles(_folder["out"]), Has.Length.EqualTo(3));
    }
}
