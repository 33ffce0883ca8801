using Cfx.Core;
using Cfx.Together.Batch;

namespace Cfx.Together.Tests.Batch;

[TestFixture]
[CancelAfter(60_000)]
public sealed class BatchRecoveryTests : BatchFixture
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_lost_reply_makes_no_second_batch(bool processed)
    {
        Server.Once(BatchProvider.Create, processed ? Provider.MakeAndLoseTheReply : _ => new Answer(500, "", Break: Break.BeforeTheReply));
        Assert.That((await FetchAsync(Texts(3))).Answered, Is.EqualTo(3));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
        Assert.That(Server.Count(BatchProvider.Create), Is.EqualTo(processed ? 1 : 2));
    }

    [Test]
    public async Task A_batch_that_is_listed_late_is_waited_for_before_another_would_be_made()
    {
        Server.Once(BatchProvider.Create, Provider.MakeAndLoseTheReply).Once(BatchProvider.List, Answer.Ok("[]"));
        await FetchAsync(Texts(3));
        Assert.That((Provider.Batches.Count, Server.Count(BatchProvider.Create)), Is.EqualTo((1, 1)));
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(429)]
    public async Task An_unclear_answer_is_followed_by_a_look_before_the_next_call(int status)
    {
        Server.Once(BatchProvider.Create, new Answer(status, """{"error":"hm"}"""));
        await FetchAsync(Texts(3));
        var routes = Server.Received.Select(r => r.Route).ToList();
        var first = routes.IndexOf(BatchProvider.Create);
        Assert.That(routes.Skip(first).Take(4), Is.EqualTo(new[] { BatchProvider.Create, BatchProvider.List, BatchProvider.List, BatchProvider.Create }));
    }

    [Test]
    public async Task Replies_lost_again_and_again_leave_the_batch_to_the_next_run()
    {
        for (var i = 0; i < 3; i++)
        {
            Server.Once(BatchProvider.Create, new Answer(500, "", Break: Break.BeforeTheReply));
        }

        Failure(() => FetchAsync(Texts(2)));
        Assert.That((await FetchAsync(Texts(2))).Answered, Is.EqualTo(2));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
        Assert.That(Server.Received.Count(r => r.Route.StartsWith("PUT ", StringComparison.Ordinal)), Is.EqualTo(1), "the file that is there is taken");
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(402)]
    public void A_refusal_in_the_batch_apis_own_form_is_told_and_leaves_nothing_behind(int status)
    {
        Server.Always(BatchProvider.Create, new Answer(status, """{"error":"not with this account"}"""));
        Assert.That(Failure(() => FetchAsync(Texts(2))).Message, Does.Contain("POST /batches").And.Contain("not with this account"));
        Assert.That(Server.Count(BatchProvider.Create), Is.EqualTo(1));
        Assert.That(Files("*"), Is.Empty);
    }

    [TestCase(400)]
    [TestCase(402)]
    [TestCase(404)]
    public async Task A_refusal_after_a_lost_reply_does_not_say_that_nothing_was_made(int status)
    {
        Batches = Batches with { Mode = BatchMode.Auto, AutoThreshold = 1 };
        Server.Once(BatchProvider.Create, Provider.MakeAndLoseTheReply).Once(BatchProvider.Create, new Answer(status, """{"error":"not now"}"""));
        for (var look = 0; look < 4; look++)
        {
            Server.Once(BatchProvider.List, Answer.Ok("[]"));
        }

        Assert.That(Failure(() => FetchAsync(Texts(2))).Message, Does.Contain("not clear").And.Contain("not now"));
        Assert.That(Files("*.json"), Has.Count.EqualTo(1), "the batch that may exist is remembered");
        Batches = Batches with { Mode = BatchMode.Direct };
        Assert.That((await FetchAsync(Texts(2))).Answered, Is.EqualTo(2), "the next run finds it, whatever its mode");
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
    }

    [TestCase("""[{"status":"IN_PROGRESS","input_file_id":"file-1"}]""")]
    [TestCase("""[{"id":"batch-1","status":"IN_PROGRESS"}]""")]
    [TestCase("""[7]""")]
    [TestCase("""[null]""")]
    public async Task A_list_with_a_batch_that_cannot_be_read_does_not_say_that_there_is_none(string list)
    {
        Server.Once(BatchProvider.Create, Provider.MakeAndLoseTheReply).Once(BatchProvider.List, Answer.Ok(list)).Once(BatchProvider.List, Answer.Ok(list));
        await FetchAsync(Texts(3));
        Assert.That((Provider.Batches.Count, Server.Count(BatchProvider.Create)), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_list_that_stays_unreadable_ends_the_run_and_the_batch_is_found_later()
    {
        Server.Once(BatchProvider.Create, Provider.MakeAndLoseTheReply);
        for (var look = 0; look < Options.Attempts; look++)
        {
            Server.Once(BatchProvider.List, Answer.Ok("""[{"status":"IN_PROGRESS"}]"""));
        }

        Assert.That(Failure(() => FetchAsync(Texts(3))).Message, Does.Contain("GET /batches").And.Contain("element 1").And.Not.Contain("\n"));
        Assert.That((await FetchAsync(Texts(3))).Answered, Is.EqualTo(3));
        Assert.That(Server.Count(BatchProvider.Create), Is.EqualTo(1));
    }

    [Test]
    public async Task A_file_that_cannot_be_read_does_not_hide_a_batch_made_on_another_machine()
    {
        await FetchAsync(Texts(3));
        Directory.Delete(Batches.Folder, recursive: true);
        File.Delete(Folder["responses.db"]);
        Server.Once("GET /v1/files", Answer.Ok("""{"data":[{"filename":"x","bytes":1}]}"""));
        await FetchAsync(Texts(3));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_complete_batch_that_names_no_file_is_given_up_though_no_run_waits_for_it()
    {
        Provider.LooksBeforeTheEnd = 0;
        Provider.Lines = static (_, _, _) => [];
        Batches = Batches with { Wait = false, Resends = 0 };
        var runs = 0;
        while (true)
        {
            try
            {
                await FetchAsync(Texts(1));
                break;
            }
            catch (WorkPendingException) when (runs < 10)
            {
                runs++;
                Batches = Batches with { Mode = BatchMode.Direct };
            }
        }

        Assert.That(runs, Is.InRange(1, 4));
    }

    [Test]
    public async Task Killed_at_any_durable_write_the_next_run_ends_with_one_batch_and_every_answer()
    {
        for (var kill = 0; ; kill++)
        {
            await EndAsync();
            await BeginAsync();
            BeginBatches();
            var moment = 0;
            var killed = false;
            Batches = Batches with
            {
                Writing = async (_, write) =>
                {
                    Die();
                    await write();
                    Die();
                },
            };
            try
            {
                await FetchAsync(Texts(4));
            }
            catch (Killed)
            {
                killed = true;
            }

            Batches = Batches with { Writing = static (_, write) => write() };
            await FetchAsync(Texts(4));
            await StageAsync(Texts(4));
            Assert.Multiple(() =>
            {
                Assert.That(Provider.Batches, Has.Count.EqualTo(1), $"killed at moment {kill}");
                Assert.That(Server.Count(BatchProvider.Create), Is.EqualTo(1));
                Assert.That(Server.Count(Chat), Is.Zero);
                Assert.That(Files("*.jsonl*"), Is.Empty);
            });
            if (!killed)
            {
                // Four states are written down: planned, creating, created, collected.
                Assert.That(kill, Is.EqualTo(8));
                return;
            }

            void Die()
            {
                if (moment++ == kill)
                {
                    throw new Killed();
                }
            }
        }
    }

    [Test]
    public async Task Killed_within_the_paid_call_the_next_run_finds_the_batch()
    {
        using var stop = new CancellationTokenSource();
        Server.Once(BatchProvider.Create, received =>
        {
            stop.Cancel();
            return Provider.MakeAndLoseTheReply(received);
        });
        await using (var store = OpenStore())
        {
            Assert.CatchAsync<OperationCanceledException>(() => Prefetch(store).RunAsync(() => Texts(3).Select(t => Request(t)).ToAsyncEnumerable(), stop.Token));
        }

        Assert.That((await FetchAsync(Texts(3))).Answered, Is.EqualTo(3));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_machine_finds_the_batch_by_its_files_name()
    {
        await FetchAsync(Texts(3));
        Directory.Delete(Batches.Folder, recursive: true);
        File.Delete(Folder["responses.db"]);
        Assert.That(await FetchAsync(Texts(3).Reverse()), Is.EqualTo(new BatchSummary(1, 3, 0)));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_waiting_the_run_leaves_once_all_is_submitted_and_a_later_one_collects()
    {
        Batches = Batches with { Wait = false, MaxRequests = 2 };
        var e = Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync(Texts(4)))!;
        Assert.That(e.Message, Does.Contain("4 calls of process").And.Contain("batch-1, batch-2"));
        Assert.That(Time.Waits, Is.Empty);
        Assert.That(await FetchAsync(Texts(4)), Is.EqualTo(new BatchSummary(0, 4, 0)));
        Assert.That(Provider.Batches, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Calls_under_way_are_not_asked_again_when_other_calls_are_wanted_meanwhile()
    {
        Provider.LooksBeforeTheEnd = 100;
        Batches = Batches with { Wait = false };
        Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync(Texts(4)));
        Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync(Texts(6).Skip(2)));
        Provider.LooksBeforeTheEnd = 0;
        await FetchAsync(Texts(6).Skip(5));
        Assert.That(Provider.Asked.Order(StringComparer.Ordinal), Is.EqualTo(Texts(6)));
        await StageAsync(Texts(6));
    }

    [Test]
    public async Task Direct_mode_waits_for_the_batches_that_hold_its_calls_and_for_no_others()
    {
        Provider.LooksBeforeTheEnd = 2;
        Batches = Batches with { Wait = false };
        Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync("a"));
        Batches = Batches with { Wait = true, Mode = BatchMode.Direct };
        Assert.That(await FetchAsync("b"), Is.EqualTo(new BatchSummary(0, 0, 0)));
        Assert.That(await FetchAsync("a"), Is.EqualTo(new BatchSummary(0, 1, 0)));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Direct_mode_without_batches_asks_the_provider_nothing()
    {
        Batches = Batches with { Mode = BatchMode.Direct };
        await FetchAsync(Texts(2));
        Assert.That(Server.Received, Is.Empty);
        Assert.That(Directory.Exists(Batches.Folder), Is.False);
    }

    [Test]
    public async Task Another_studys_batch_is_left_alone()
    {
        Provider.LooksBeforeTheEnd = 100;
        Batches = Batches with { Wait = false };
        Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync("a"));
        var file = Batches.Folder + "/" + Files("*.json").Single();
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"study\": \"study\"", "\"study\": \"other\"", StringComparison.Ordinal));
        Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync("b"));
        Assert.That(Server.Count("GET /v1/batches/batch-1"), Is.EqualTo(1));
        Assert.That(Files("*.jsonl"), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_record_that_is_none_is_told_by_its_path()
    {
        Folder.Write("batches/cfx-process-0.json", "{}");
        Assert.That(Assert.ThrowsAsync<MisuseException>(() => FetchAsync("a"))!.Message, Does.Contain("cfx-process-0.json"));
    }

    [Test]
    public async Task Batches_are_listed_and_cancelled()
    {
        await FetchAsync("a");
        Server.Always("POST /v1/batches/batch-1/cancel", Answer.Ok("""{"id":"batch-1","status":"CANCELING"}"""));
        Assert.That((await Client.Batches.ListAsync(CancellationToken.None)).Select(b => (b.Id, b.Status)), Is.EqualTo(new[] { ("batch-1", "COMPLETED") }));
        Assert.That((await Client.Batches.CancelAsync("batch-1", CancellationToken.None)).Status, Is.EqualTo("CANCELING"));
    }

    [Test]
    public async Task A_download_that_breaks_off_begins_again_and_stores_nothing_twice()
    {
        var broken = 0;
        Provider.LooksBeforeTheEnd = 0;
        Server.Once("GET /v1/files/output_file_id-1/content", _ =>
        {
            broken++;
            return new Answer(200, "{\"custom_id\":", Break: Break.WithinTheBody);
        });
        Assert.That((await FetchAsync(Texts(3))).Answered, Is.EqualTo(3));
        Assert.That(broken, Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_that_was_ended_while_it_collected_had_come_so_far()
    {
        // Planned, creating and created are written down; it ends before collected is.
        var writes = 0;
        Batches = Batches with { Writing = (_, write) => ++writes == 4 ? throw new Killed() : write() };
        Assert.ThrowsAsync<Killed>(() => FetchAsync(Texts(3)));
        Batches = Batches with { Writing = static (_, write) => write() };

        await using var store = OpenStore();
        await Prefetch(store).RunAsync(() => Texts(4).Select(t => Request(t)).ToAsyncEnumerable(), CancellationToken.None);
        Assert.That(store.Counts.Asked, Is.EqualTo(1), "the fourth alone is written");
    }

    private sealed class Killed : Exception;
}
