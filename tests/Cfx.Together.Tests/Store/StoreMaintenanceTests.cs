using Cfx.Core;
using Cfx.Together.Store;

namespace Cfx.Together.Tests.Store;

[TestFixture]
public sealed class StoreMaintenanceTests : StoreFixture
{
    [Test]
    public async Task An_export_imported_elsewhere_is_the_same_store()
    {
        await FillAsync(Options, Enumerable.Range(0, 20).Select(i => ResponseStoreTests.Answer(i, text: i == 3 ? "a\nb\0\"é🙂" : "yes")));
        var (first, second) = (Folder["a.jsonl"], Folder["b.jsonl"]);
        var other = Options with { Path = Folder["other/responses.db"] };
        using (var store = Maintain())
        {
            Assert.That(await store.ExportAsync(first, CancellationToken.None), Is.EqualTo(20));
        }

        using (var store = Maintain(other))
        {
            Assert.That(store.Import(first, CancellationToken.None), Is.EqualTo(new ImportResult(20, 0, [])).Using<ImportResult>(Same));
            Assert.That(store.Import(first, CancellationToken.None), Is.EqualTo(new ImportResult(0, 20, [])).Using<ImportResult>(Same));
            await store.ExportAsync(second, CancellationToken.None);
            Assert.That(store.Verify(CancellationToken.None), Is.Empty);
        }

        Assert.That(await File.ReadAllBytesAsync(second), Is.EqualTo(await File.ReadAllBytesAsync(first)));
        await using var run = Open(other);
        Assert.That(run.Find(ResponseStoreTests.Answer(3).Key), Is.EqualTo(ResponseStoreTests.Answer(3, text: "a\nb\0\"é🙂")));
    }

    [Test]
    public async Task An_import_never_replaces_an_answer_and_names_those_that_differ()
    {
        var theirs = Options with { Path = Folder["theirs.db"] };
        await FillAsync(theirs, [ResponseStoreTests.Answer(1, text: "no"), ResponseStoreTests.Answer(2), ResponseStoreTests.Answer(3)]);
        await FillAsync(Options, [ResponseStoreTests.Answer(1), ResponseStoreTests.Answer(2)]);
        using (var store = Maintain(theirs))
        {
            await store.ExportAsync(Folder["theirs.jsonl"], CancellationToken.None);
        }

        using (var store = Maintain())
        {
            Assert.That(
                store.Import(Folder["theirs.jsonl"], CancellationToken.None),
                Is.EqualTo(new ImportResult(1, 1, [ResponseStoreTests.Answer(1).Key])).Using<ImportResult>(Same));
        }

        await using var run = Open();
        Assert.That(run.Find(ResponseStoreTests.Answer(1).Key)!.Reply.Content, Is.EqualTo("yes"));
    }

    [TestCase("\"text\":\"yes\"", "\"text\":7", "not an exported answer")]
    [TestCase("question 2", "question 9", "key does not belong")]
    [TestCase("\"server\":\"together", "\"server\":\"sandbox", "key does not belong")]
    [TestCase("\"outcome\":\"complete\"", "\"outcome\":\"fine\"", "'fine'")]
    [TestCase("\"prompt_tokens\":100", "\"prompt_tokens\":-1", "below 0")]
    [TestCase("\"stage\":", "\"stge\":", "\"stage\"")]
    [TestCase("{\"key\"", "[{\"key\"", "not an exported answer")]
    public async Task A_line_that_was_changed_is_named_and_nothing_is_imported(string before, string after, string says)
    {
        await FillAsync(Options, [ResponseStoreTests.Answer(1), ResponseStoreTests.Answer(2)]);
        using (var store = Maintain())
        {
            await store.ExportAsync(Folder["a.jsonl"], CancellationToken.None);
        }

        var lines = await File.ReadAllLinesAsync(Folder["a.jsonl"]);
        var second = Array.FindIndex(lines, l => l.Contains("question 2", StringComparison.Ordinal));
        Assert.That(lines[second], Does.Contain(before));
        Folder.WriteLines("b.jsonl", lines[1 - second], lines[second].Replace(before, after, StringComparison.Ordinal));
        using var other = Maintain(Options with { Path = Folder["other.db"] });
        var e = Assert.Throws<MisuseException>(() => other.Import(Folder["b.jsonl"], CancellationToken.None))!;
        Assert.That(e.Message, Does.Contain("b.jsonl, line 2").And.Contain(says));
        Assert.That(other.Summarize().Answers, Is.Zero);
    }

    [Test]
    public void An_import_without_its_file_is_refused()
    {
        using var store = Maintain();
        Assert.That(() => store.Import(Folder["none.jsonl"], CancellationToken.None), Throws.TypeOf<MisuseException>().With.Message.Contains("none.jsonl"));
    }

    [Test]
    public async Task Pruning_takes_what_meets_every_condition_and_nothing_else()
    {
        var day = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await FillAsync(Options, Enumerable.Range(0, 10).Select(i => ResponseStoreTests.Answer(i, study: i % 2 == 0 ? "even" : "odd")));
        using var store = Maintain();
        Assert.That(() => store.Prune(null, null), Throws.ArgumentException);
        Assert.That(store.Prune(day.AddDays(4), "odd"), Is.EqualTo(2), "1 and 3");
        Assert.That(store.Prune(null, "even"), Is.EqualTo(5));
        Assert.That(store.Prune(day.AddDays(7), null), Is.EqualTo(1), "5; 7 is not older");
        Assert.That(store.Summarize().Answers, Is.EqualTo(2));
        await using var run = Open();
        Assert.That(new[] { 7, 9 }.All(i => run.Find(ResponseStoreTests.Answer(i).Key) is not null));
    }

    [Test]
    public async Task The_summary_adds_up_by_study_stage_and_model_and_keeps_unknown_prices_apart()
    {
        var inner = new ScriptedModel();
        await AskAsync(inner, Origin(), "a", "b");
        await AskAsync(inner, Origin(stage: "respond"), "c", "d", "a");
        await AskAsync(inner, Origin() with { Price = (_, _) => null }, "e", "a");
        using var store = Maintain();
        var summary = store.Summarize();
        Assert.Multiple(() =>
        {
            Assert.That(summary.Spend, Is.EqualTo(new[]
            {
                new SpendLine("study", "process", Server, "org/model", 3, 11 + 12 + 15, 60, 0.000_040m, 1),
                new SpendLine("study", "respond", Server, "org/model", 2, 13 + 14, 20, 0.000_020m, 1),
            }));
            Assert.That((summary.Answers, summary.Failures), Is.EqualTo((5L, 0L)));
            Assert.That(summary.LastRun, Is.EqualTo(new RunCounts(Time.GetUtcNow(), 1, 1, 0)));
            Assert.That(summary.Bytes, Is.GreaterThan(4096));
        });
    }

    [Test]
    public async Task A_run_that_found_everything_stored_is_counted_too()
    {
        var inner = new ScriptedModel();
        await AskAsync(inner, Origin(), "a");
        await AskAsync(inner, Origin(), "a", "a");
        using var store = Maintain();
        Assert.That(store.Summarize().LastRun, Is.EqualTo(new RunCounts(Time.GetUtcNow(), 2, 0, 0)));
    }

    private async Task FillAsync(StoreOptions options, IEnumerable<StoredAnswer> answers)
    {
        await using var store = Open(options);
        await Task.WhenAll(answers.Select(a => store.AddAsync(a)));
    }

    private static bool Same(ImportResult a, ImportResult b) => (a.Added, a.Known) == (b.Added, b.Known) && a.Conflicts.SequenceEqual(b.Conflicts);
}
