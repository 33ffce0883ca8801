using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Training;
using Cfx.Together.Store;

namespace Cfx.Together.Tests.Store;

[TestFixture]
[CancelAfter(60_000)]
public sealed class StoredChatModelTests : StoreFixture
{
    [Test]
    public async Task A_question_is_asked_once_and_answered_the_same_in_every_later_run()
    {
        var inner = new ScriptedModel();
        var first = await AskAsync(inner, Origin(), "a", "b", "c", "a");
        var second = await AskAsync(inner, Origin(stage: "respond", study: "other"), "c", "b", "a", "a");
        Assert.Multiple(() =>
        {
            Assert.That(inner.Asked, Is.EqualTo(3));
            Assert.That(second, Is.EqualTo(new[] { first[2], first[1], first[0], first[0] }));
            Assert.That(first[0].CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 3, 4, 3, 6, 8, TimeSpan.Zero)));
            Assert.That(first.Select(r => r.CreatedAt.Offset), Is.All.EqualTo(TimeSpan.Zero), "the first answer is told as the later ones are");
            Assert.That((first[1].Outcome, first[1].RequestId, first[2].CompletionTokens), Is.EqualTo((ChatOutcome.CutOff, "one-2", (int?)null)));
        });
    }

    [TestCase("")]
    [TestCase("a\0b")]
    [TestCase("\u0001 \r\n\t \"\\ é e\u0301 🙂 \ufeff", TestName = "Text_with_every_kind_of_character_comes_back_character_for_character")]
    public async Task Text_comes_back_character_for_character(string text)
    {
        var reply = new ChatReply(ChatOutcome.Refused, text, "content_filter", new DateTimeOffset(2026, 1, 1, 0, 0, 0, 7, TimeSpan.Zero).AddTicks(3), null, 0);
        var request = new ChatRequest(text, [new Message(Roles.User, text)], 0, 1, 1, null);
        for (var run = 0; run < 2; run++)
        {
            await using var store = Open();
            var asked = 0;
            var model = Through(store, new Answering(() =>
            {
                asked++;
                return reply;
            }));
            Assert.That(await model.CompleteAsync(request, CancellationToken.None), Is.EqualTo(reply));
            Assert.That(asked, Is.EqualTo(run == 0 ? 1 : 0));
        }
    }

    [Test]
    public async Task An_answer_is_on_disk_before_anyone_can_use_it()
    {
        var inner = new ScriptedModel();
        await using var store = Open();
        var killed = new ThenKilled(Through(store, inner), () =>
        {
            // What a power cut would leave: the files as they are now, without any farewell.
            foreach (var file in Directory.GetFiles(Folder.Root, "responses.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            {
                File.Copy(file, Path.Combine(Directory.CreateDirectory(Folder["crash"]).FullName, Path.GetFileName(file)));
            }
        });
        Assert.ThrowsAsync<InvalidOperationException>(() => killed.CompleteAsync(Request(), CancellationToken.None));

        await using var next = Open(Options with { Path = Path.Combine(Folder["crash"], "responses.db") });
        var reply = await Through(next, inner).CompleteAsync(Request(), CancellationToken.None);
        Assert.That((reply.Content, inner.Asked), Is.EqualTo(("one: answer 1 to hello", 1)));
    }

    [Test]
    public async Task Two_servers_with_one_model_name_never_share_an_answer()
    {
        var (one, two) = (new ScriptedModel("one"), new ScriptedModel("two"));
        await AskAsync(one, Origin(), "a");
        var other = await AskAsync(two, Origin(ServerIdentity.Of("openai", new Uri("http://localhost:8000/v1"), null)), "a");
        Assert.That((other[0].Content, two.Asked), Is.EqualTo(("two: answer 1 to a", 1)));
    }

    [Test]
    public async Task A_model_made_again_under_its_old_name_never_gives_the_old_ones_answers()
    {
        var jobs = new List<FineTuningJob>();
        var models = new TunedModels(new Jobs(jobs));
        var origin = Origin() with { ModelIdentity = models.IdentityAsync };
        var inner = new ScriptedModel();
        jobs.Add(Job("ft-1", "completed", 1));
        await AskAsync(inner, origin, "a", "a");
        jobs.Add(Job("ft-2", "running", 2));
        await AskAsync(inner, origin, "a");
        Assert.That(inner.Asked, Is.EqualTo(1), "the older model is still the one that is served");

        jobs[1] = Job("ft-2", "completed", 2);
        await AskAsync(inner, origin, "a", "a");
        Assert.That(inner.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task A_server_without_jobs_has_models_without_identity()
    {
        var none = new TunedModels(new Jobs([]) { Fault = new ProviderException("no such route", 404) });
        Assert.That(await none.IdentityAsync("org/model", CancellationToken.None), Is.Null);
        var down = new TunedModels(new Jobs([]) { Fault = new ProviderException("down", 503) });
        Assert.That(() => down.IdentityAsync("org/model", CancellationToken.None), Throws.TypeOf<ProviderException>());
    }

    [Test]
    public void A_sandbox_is_named_by_its_models_and_others_by_their_address() =>
        Assert.Multiple(() =>
        {
            Assert.That(ServerIdentity.Of("together", new Uri("https://API.together.ai/v1/"), null), Is.EqualTo(Server));
            Assert.That(ServerIdentity.Of("openai", new Uri("http://127.0.0.1:8000/v1"), null), Is.EqualTo("openai 127.0.0.1:8000/v1"));
            Assert.That(ServerIdentity.Of("sandbox", new Uri("http://127.0.0.1:4711/v1"), "c0ffee"), Is.EqualTo("sandbox c0ffee"));
        });

    [Test]
    public async Task The_same_question_asked_at_once_is_sent_once()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inner = new ScriptedModel { Before = (_, _) => release.Task };
        await using var store = Open();
        var models = new[] { Through(store, inner), Through(store, inner, Origin(stage: "respond")) };
        var asking = Enumerable.Range(0, 50).Select(i => models[i % 2].CompleteAsync(Request(), CancellationToken.None)).ToList();
        release.SetResult();
        var replies = await Task.WhenAll(asking);
        Assert.That((inner.Asked, replies.Distinct().Count(), store.Counts.Hits), Is.EqualTo((1, 1, 49L)));
    }

    [Test]
    public async Task When_the_one_who_asked_leaves_another_asks()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inner = new ScriptedModel
        {
            Before = (number, token) =>
            {
                started.TrySetResult();
                return number == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token) : Task.CompletedTask;
            },
        };
        await using var store = Open();
        var model = Through(store, inner);
        using var leaving = new CancellationTokenSource();
        var first = model.CompleteAsync(Request(), leaving.Token);
        await started.Task;
        var second = model.CompleteAsync(Request(), CancellationToken.None);
        await leaving.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => first);
        Assert.That((await second).Content, Is.EqualTo("one: answer 2 to hello"));
        Assert.That(Maintain().Summarize().Failures, Is.Zero, "leaving is no failure");
    }

    [Test]
    public async Task An_answer_that_arrives_while_the_run_is_being_stopped_is_stored_all_the_same()
    {
        using var stop = new CancellationTokenSource();
        var inner = new ScriptedModel { Before = (_, _) => stop.CancelAsync() };
        await using (var store = Open())
        {
            await Through(store, inner).CompleteAsync(Request(), stop.Token);
        }

        await AskAsync(inner, Origin(), "hello");
        Assert.That(inner.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_without_a_usable_reply_is_recorded_apart_and_asked_again_a_set_number_of_times()
    {
        var works = false;
        var inner = new ScriptedModel { Before = (_, _) => works ? Task.CompletedTask : throw new ProviderException("HTTP 503: busy", 503) };
        await using (var store = Open(Options with { FailuresPerRun = 2 }))
        {
            var model = Through(store, inner);
            for (var i = 0; i < 5; i++)
            {
                var e = Assert.ThrowsAsync<ProviderException>(() => model.CompleteAsync(Request(), CancellationToken.None))!;
                Assert.That((e.StatusCode, e.Message.Contains("HTTP 503: busy", StringComparison.Ordinal)), Is.EqualTo((503, true)));
            }

            Assert.That((inner.Asked, store.Counts.Failed), Is.EqualTo((2, 2L)));
        }

        using (var store = Maintain())
        {
            Assert.That((store.Summarize().Answers, store.Summarize().Failures), Is.EqualTo((0L, 1L)));
        }

        works = true;
        await AskAsync(inner, Origin(), "hello", "hello");
        using var after = Maintain();
        Assert.That((inner.Asked, after.Summarize().Answers, after.Summarize().Failures), Is.EqualTo((3, 1L, 0L)));
    }

    [Test]
    public async Task A_request_that_got_no_usable_reply_in_many_runs_is_not_sent_again_until_its_failures_are_forgotten()
    {
        var inner = new ScriptedModel { Before = (_, _) => throw new ProviderException("HTTP 500: broken", 500) };
        for (var run = 0; run < 5; run++)
        {
            await using var store = Open(Options with { FailuresPerRun = 2, FailuresInAll = 3 });
            var model = Through(store, inner);
            Assert.ThrowsAsync<ProviderException>(() => model.CompleteAsync(Request(), CancellationToken.None));
        }

        Assert.That(inner.Asked, Is.EqualTo(3));
        using (var maintenance = Maintain())
        {
            Assert.That(maintenance.ForgetFailures(), Is.EqualTo(1));
        }

        await using var again = Open(Options with { FailuresInAll = 3 });
        Assert.ThrowsAsync<ProviderException>(() => Through(again, inner).CompleteAsync(Request(), CancellationToken.None));
        Assert.That(inner.Asked, Is.EqualTo(4));
    }

    [TestCase(400)]
    [TestCase(413)]
    [TestCase(422)]
    public async Task A_refusal_stays_a_refusal_however_many_runs_ask(int status)
    {
        var inner = new ScriptedModel { Before = (_, _) => throw new ProviderException("too long a context", status) };
        for (var run = 0; run < 5; run++)
        {
            await using var store = Open(Options with { FailuresPerRun = 2, FailuresInAll = 3 });
            var model = Through(store, inner);
            for (var round = 0; round < 3; round++)
            {
                Assert.That(
                    async () => await model.CompleteAsync(Request(), CancellationToken.None), Throws.TypeOf<ProviderException>().With.Property("StatusCode").EqualTo(status));
            }
        }

        Assert.That(inner.Asked, Is.EqualTo(10), "twice a run");
    }

    [Test]
    public async Task Faults_of_the_program_are_not_taken_for_the_providers()
    {
        await using var store = Open();
        var model = Through(store, new ScriptedModel { Before = (_, _) => throw new MisuseException("wrong") });
        Assert.ThrowsAsync<MisuseException>(() => model.CompleteAsync(Request(), CancellationToken.None));
        Assert.That(store.Counts.Failed, Is.Zero);
    }

    private static FineTuningJob Job(string id, string status, int day) => new(
        id, status, "base", "org/model", null, null, new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero), null, null, null);

    private sealed class Answering(Func<ChatReply> answer) : IChatModel
    {
        public Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    private sealed class ThenKilled(IChatModel inner, Action kill) : IChatModel
    {
        public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
        {
            await inner.CompleteAsync(request, cancellationToken);
            kill();
            throw new InvalidOperationException("killed");
        }
    }

    private sealed class Jobs(IReadOnlyList<FineTuningJob> jobs) : IFineTuningService
    {
        public ProviderException? Fault { get; init; }

        public Task<IReadOnlyList<FineTuningJob>> ListAsync(CancellationToken cancellationToken) =>
            Fault is null ? Task.FromResult(jobs) : Task.FromException<IReadOnlyList<FineTuningJob>>(Fault);

        public Task<string> UploadAsync(string path, IProgressSink progress, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FineTuningJob> CreateAsync(FineTuningRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FineTuningJob> GetAsync(string jobId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<FineTuningEvent>> EventsAsync(string jobId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FineTuningJob> CancelAsync(string jobId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FineTuningLimits?> LimitsAsync(string baseModel, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<FineTuningMetric>> MetricsAsync(string jobId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FineTuningEstimate?> EstimateAsync(FineTuningRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
