using System.Globalization;
using System.Text;
using System.Text.Json;
using Cfx.Core.Training;

namespace Cfx.Core.Tests.Training;

[TestFixture]
public sealed class StandalonePreparationTests
{
    private readonly RecordingLogger<StandalonePreparation> _logger = new();
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task An_array_and_the_same_records_as_lines_give_the_same_files()
    {
        var records = Enumerable.Range(0, 40).Select(i => Record($"c{i}")).ToArray();
        _folder.WriteLines("lines.jsonl", records);
        await File.WriteAllTextAsync(_folder["array.json"], $"[\n{string.Join(",\n", records)}\n]", new UTF8Encoding(true));
        var lines = await RunAsync("lines.jsonl");
        var array = await RunAsync("array.json");
        Assert.Multiple(() =>
        {
            Assert.That(array.Counts, Is.EqualTo(lines.Counts));
            Assert.That(File.ReadAllText(_folder["array_training.jsonl"]), Is.EqualTo(File.ReadAllText(_folder["lines_training.jsonl"])));
            Assert.That(File.ReadAllText(_folder["array_validation.jsonl"]), Is.EqualTo(File.ReadAllText(_folder["lines_validation.jsonl"])));
            Assert.That(lines.Counts.Training + lines.Counts.Validation, Is.EqualTo(40));
            Assert.That(lines.Counts.Validation, Is.GreaterThan(0));
        });
    }

    [Test]
    public async Task More_data_moves_no_conversation_to_the_other_side_and_items_of_one_conversation_stay_together()
    {
        _folder.WriteLines("some.jsonl", [.. Enumerable.Range(0, 50).Select(i => Record($"c{i}"))]);
        _folder.WriteLines("more.jsonl", [.. Enumerable.Range(0, 100).SelectMany(i => new[] { Record($"c{i}"), Record($"c{i}") })]);
        await RunAsync("some.jsonl");
        await RunAsync("more.jsonl");
        var some = Questions("some_validation.jsonl");
        var more = Questions("more_validation.jsonl");
        Assert.Multiple(() =>
        {
            Assert.That(some, Is.SubsetOf(more));
            Assert.That(more.Count, Is.EqualTo(2 * more.Distinct(StringComparer.Ordinal).Count()));
            Assert.That(more.Intersect(Questions("more_training.jsonl"), StringComparer.Ordinal), Is.Empty);
        });
    }

    [Test]
    public async Task The_share_of_training_conversations_is_close_to_what_was_asked()
    {
        _folder.WriteLines("in.jsonl", [.. Enumerable.Range(0, 2000).Select(i => Record($"c{i}"))]);
        var summary = await RunAsync("in.jsonl", trainSplit: 0.8);
        Assert.That(summary.Counts.Training, Is.InRange(1540, 1660));
    }

    [Test]
    public async Task The_limit_on_conversations_counts_usable_records_only()
    {
        _folder.WriteLines("in.jsonl", [.. Enumerable.Range(0, 20).Select(i => Record($"c{i}", improved: i % 2 == 0))]);
        var summary = await RunAsync("in.jsonl", trainSplit: 1, max: 5);
        Assert.Multiple(() =>
        {
            Assert.That(summary.Counts.Training, Is.EqualTo(5));
            Assert.That(summary.LeftOut["not_improved"], Is.EqualTo(4));
            Assert.That(File.ReadAllLines(_folder["in_prepare.left_out.jsonl"]), Has.Length.EqualTo(4));
        });
    }

    [Test]
    public async Task Records_of_the_original_scripts_without_a_status_are_read_by_their_flag_and_category()
    {
        _folder.WriteLines(
            "in.jsonl",
            Record("good"),
            Record("positive", improved: false, category: "UR5"),
            Record("bad", improved: false),
            """{"conversation_id":"raw","conversation_context":[{"role":"user","content":"q"}],"category":"UR2"}""",
            "7");
        var summary = await RunAsync("in.jsonl", trainSplit: 1);
        Assert.Multiple(() =>
        {
            Assert.That(summary.Counts, Is.EqualTo(new ArmCounts(2, 0, 1)));
            Assert.That(summary.LeftOut, Is.EquivalentTo(new Dictionary<string, int>(StringComparer.Ordinal) { ["not_improved"] = 1, ["not_processed"] = 1, ["bad_form"] = 1 }));
        });
    }

    [TestCase("in.json")]
    [TestCase("in.jsonl")]
    public async Task Half_a_surrogate_pair_is_learnt_as_a_replacement_character(string name)
    {
        var record = Record("c").Replace("\"answer\"", "\"half \\ud83d pair\"", StringComparison.Ordinal);
        _folder.WriteLines(name, name.EndsWith('l') ? record : $"[{record}]");
        await RunAsync(name, trainSplit: 1);
        Assert.That(JsonElement.Parse(File.ReadAllText(_folder["in_training.jsonl"])).GetProperty("messages")[1].GetProperty("content").GetString(), Is.EqualTo("half \ufffd pair"));
    }

    [TestCase("[{\"conversation_id\": ", "line 1, column")]
    [TestCase("{\"a\":1}\n{oops\n", "line 2")]
    public void A_broken_file_is_one_line_with_its_place(string content, string place)
    {
        File.WriteAllText(_folder["in.json"], content);
        Assert.That(() => RunAsync("in.json"), Throws.InstanceOf<MisuseException>().With.Message.Contains(place).And.Message.Not.Contains('\n'));
    }

    [Test]
    public void Faulty_options_are_reported_together()
    {
        var options = new StandaloneOptions("x", "y", 1.5, 0, -1, 0);
        Assert.That(
            options.Validate,
            Throws.InstanceOf<MisuseException>().With.Message.Contains("--train-split is 1.5").And.Message.Contains("--max-conversations is 0").And.Message.Contains("--max-context-turns is -1"));
    }

    private Task<StandaloneSummary> RunAsync(string input, double trainSplit = 0.75, int? max = null) =>
        new StandalonePreparation(_logger).RunAsync(
            new StandaloneOptions(_folder[input], _folder.Root, trainSplit, max, null, 7), CancellationToken.None);

    private List<string> Questions(string file) =>
    [
        .. File.ReadAllLines(_folder[file])
            .Select(l => JsonElement.Parse(l).GetProperty("messages")[0].GetProperty("content").GetString()!),
    ];

    private static string Record(string id, bool improved = true, string category = "UR2") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"conversation_id":"{{id}}","conversation_context":[{"role":"user","content":"question {{id}}"},{"role":"assistant","content":"answer"}],"category":"{{category}}","improved":{{(improved ? "true" : "false")}}}""");
}
