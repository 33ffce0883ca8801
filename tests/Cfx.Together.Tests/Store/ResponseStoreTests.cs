using System.Globalization;
using System.Text;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Together.Store;

namespace Cfx.Together.Tests.Store;

[TestFixture]
public sealed class ResponseStoreTests : StoreFixture
{
    [Test]
    public async Task Writers_side_by_side_lose_nothing_and_agree_on_one_answer_to_each_question()
    {
        var (one, two) = (new ScriptedModel("one"), new ScriptedModel("two"));
        await using var first = Open();
        await using var second = Open();
        var (a, b) = (Through(first, one), Through(second, two));
        var replies = await Task.WhenAll(Enumerable.Range(0, 400).SelectMany(i => new[]
        {
            Task.Run(() => a.CompleteAsync(Request(Text(i)), CancellationToken.None)),
            Task.Run(() => b.CompleteAsync(Request(Text(i)), CancellationToken.None)),
        }));
        Assert.Multiple(() =>
        {
            for (var i = 0; i < 400; i++)
            {
                Assert.That(replies[2 * i], Is.EqualTo(replies[(2 * i) + 1]));
                Assert.That(first.Find(Key(Text(i)))!.Reply, Is.EqualTo(replies[2 * i]));
            }
        });
        using var store = Maintain();
        Assert.That((store.Summarize().Answers, store.Verify(CancellationToken.None)), Is.EqualTo((400L, Array.Empty<string>())));
    }

    [Test]
    public async Task Five_thousand_answers_from_32_callers_are_all_there()
    {
        var answers = Enumerable.Range(0, 5000).Select(i => Answer(i, text: new string('y', 1000))).ToList();
        await using (var store = Open())
        {
            var started = TimeProvider.System.GetTimestamp();
            await Parallel.ForEachAsync(answers, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (a, _) => await store.AddAsync(a));
            await TestContext.Out.WriteLineAsync($"5,000 answers, 32 at once: {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.00} s");
        }

        await using var next = Open();
        Assert.That(answers.Where(a => next.Find(a.Key) != a), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no such modes.")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Files_are_readable_by_their_owner_alone()
    {
        await using var store = Open(Options with { Path = Folder["new/responses.db"] });
        await store.AddAsync(Answer(1));
        var files = Directory.GetFiles(Folder["new"]);
        Assert.That(files.Select(Path.GetFileName), Is.SupersetOf(new[] { "responses.db", "responses.db-wal" }));
        Assert.That(files.Select(f => File.GetUnixFileMode(f)), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task On_a_full_disk_the_run_stops_with_one_line_and_the_next_takes_up_what_was_on_its_way()
    {
        var inner = new ScriptedModel();
        var texts = Enumerable.Range(0, 200).Select(i => Text(i) + new string('x', 2000)).ToArray();
        var answered = new List<string>();
        StageFailedException? fault = null;
        await using (var store = Open(Options with { MaxBytes = 200_000 }))
        {
            var model = Through(store, inner);
            foreach (var text in texts)
            {
                try
                {
                    await model.CompleteAsync(Request(text), CancellationToken.None);
                    answered.Add(text);
                }
                catch (StageFailedException e)
                {
                    fault ??= e;
                }
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(fault!.Message, Does.Contain("full").And.Contain("Make room").And.Contain("responses.db.rescued.jsonl").And.Not.Contain("\n"));
            Assert.That(answered, Has.Count.InRange(10, 150));
            Assert.That(inner.Asked, Is.EqualTo(answered.Count + 1), "nothing is bought once the store is full");
        });

        // There is room again: of all that was paid for, nothing is asked again.
        var paid = inner.Asked;
        await AskAsync(inner, Origin(), [.. texts.Take(paid)]);
        Assert.That((inner.Asked, File.Exists(Options.Path + ".rescued.jsonl")), Is.EqualTo((paid, false)));
        using var after = Maintain();
        Assert.That((after.Summarize().Answers, after.Verify(CancellationToken.None)), Is.EqualTo(((long)paid, Array.Empty<string>())));
    }

    [Test]
    public async Task A_store_that_cannot_be_written_is_found_out_before_anything_is_bought()
    {
        var inner = new ScriptedModel();
        await using var store = Open(Options with { BusyTimeout = TimeSpan.Zero });
        await using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.Path};Pooling=False");
        other.Open();
        await using var held = other.BeginTransaction(deferred: false);
        for (var i = 0; i < 2; i++)
        {
            Assert.That(
                () => Through(store, inner).CompleteAsync(Request(), CancellationToken.None),
                Throws.TypeOf<StageFailedException>().With.Message.Contains("in use by another process"));
        }

        Assert.That(inner.Asked, Is.Zero);
    }

    [Test]
    public async Task A_torn_line_among_rescued_answers_spoils_no_other()
    {
        await using (var other = Open(Options with { Path = Folder["other.db"] }))
        {
            await other.AddAsync(Answer(1));
        }

        using (var other = Maintain(Options with { Path = Folder["other.db"] }))
        {
            await other.ExportAsync(Options.Path + ".rescued.jsonl", CancellationToken.None);
        }

        await File.AppendAllTextAsync(Options.Path + ".rescued.jsonl", "{\"key\":\"12");
        await using var store = Open();
        Assert.That(store.Find(Answer(1).Key), Is.EqualTo(Answer(1)));
    }

    [Test]
    public async Task An_answer_that_is_rescued_after_a_torn_line_is_whole()
    {
        await File.WriteAllTextAsync(Options.Path + ".rescued.jsonl", "{\"key\":\"12");
        RescuedAnswers.Keep(Answer(1), Options.Path, new StageFailedException("full"));
        RescuedAnswers.Keep(Answer(2), Options.Path, new StageFailedException("full"));
        await using var store = Open();
        Assert.That((store.Find(Answer(1).Key), store.Find(Answer(2).Key)), Is.EqualTo((Answer(1), Answer(2))));
    }

    [TestCase("this is no database, but it is long enough to be taken for the beginning of one, which is one hundred bytes at the least")]
    [TestCase("short")]
    public void A_file_that_is_no_store_is_refused_and_left_alone(string content)
    {
        File.WriteAllText(Options.Path, content);
        var e = Assert.Throws<StageFailedException>(() => Open())!;
        Assert.That(e.Message, Does.Contain(Options.Path).And.Contain("damaged").And.Contain(".recover").And.Not.Contain("\n"));
        Assert.That(File.ReadAllText(Options.Path), Is.EqualTo(content));
    }

    [Test]
    public void A_place_that_cannot_be_a_file_is_refused()
    {
        Directory.CreateDirectory(Options.Path);
        Assert.That(() => Open(), Throws.TypeOf<StageFailedException>().With.Message.Contains(Options.Path).And.Message.Contains("run again"));
    }

    [Test]
    public async Task Damage_within_the_file_is_found_by_verification_and_stops_a_run_that_meets_it()
    {
        await using (var store = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => store.AddAsync(Answer(i))));
        }

        using (var file = new FileStream(Options.Path, FileMode.Open))
        {
            file.Seek(8 * 4096, SeekOrigin.Begin);
            file.Write(Encoding.ASCII.GetBytes(new string('!', (int)(file.Length - (8 * 4096)))));
        }

        var found = 0;
        await using (var store = Open())
        {
            for (var i = 0; i < 300; i++)
            {
                try
                {
                    found += store.Find(Answer(i).Key) is null ? 0 : 1;
                }
                catch (StageFailedException e)
                {
                    Assert.That(e.Message, Does.Contain("damaged").And.Not.Contain("\n"));
                    found = -1;
                    break;
                }
            }
        }

        Assert.That(found, Is.EqualTo(-1), "damage is never taken for an answer that is not there");
        using var maintenance = Maintain();
        Assert.That(Findings(maintenance), Is.Not.Empty);
    }

    [Test]
    public async Task A_row_whose_request_was_changed_is_found()
    {
        await using (var store = Open())
        {
            await store.AddAsync(Answer(1));
            await store.AddAsync(Answer(2));
        }

        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Options.Path};Pooling=False"))
        {
            connection.Open();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE answers SET request = replace(request, 'question 1', 'question 9')";
            command.ExecuteNonQuery();
        }

        using (var maintenance = Maintain())
        {
            Assert.That(maintenance.Verify(CancellationToken.None), Is.EqualTo(new[] { $"row {Answer(1).Key}: its key does not belong to its request and server" }));
        }

        await using var damaged = Open();
        var model = Through(damaged, new ScriptedModel());
        Assert.That(() => model.CompleteAsync(Request(Text(1)), CancellationToken.None), Throws.TypeOf<StageFailedException>().With.Message.Contains("--store-verify"));
    }

    internal static StoredAnswer Answer(int number, string study = "study", string text = "yes", DateTimeOffset? at = null)
    {
        var request = ResponseKey.Canonical(Request(Text(number)));
        var time = at ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(number);
        return new StoredAnswer
        {
            Key = ResponseKey.Of(Server, null, request),
            Server = Server,
            Stage = "process",
            Study = study,
            Model = "org/model",
            Request = request,
            Reply = new ChatReply(ChatOutcome.Complete, text, "stop", time, 100, number) { RequestId = $"r{number}" },
            PriceUsd = number % 3 == 0 ? null : number * 0.000_000_001m,
            SentAt = time.AddSeconds(-1),
            AnsweredAt = time,
        };
    }

    private static IReadOnlyList<string> Findings(StoreMaintenance maintenance)
    {
        try
        {
            return maintenance.Verify(CancellationToken.None);
        }
        catch (StageFailedException e)
        {
            return [e.Message];
        }
    }

    private static string Key(string text) => ResponseKey.Of(Server, null, ResponseKey.Canonical(Request(text)));

    private static string Text(int i) => string.Create(CultureInfo.InvariantCulture, $"question {i}");
}
