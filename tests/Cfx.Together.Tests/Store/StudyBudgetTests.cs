using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Cfx.Together.Store;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Tests.Store;

[TestFixture]
public sealed class StudyBudgetTests : StoreFixture
{
    // A thousand dollars for a million tokens: a tenth of a cent each.
    private static readonly PriceBook Dear = new([new ModelPrice("org/model", "a test") { Chat = new TokenPrice(1000, 1000) }]);
    private static readonly decimal MostUsd = NanoUsd.ToUsd(TokenBounds.Nano(Request(), Dear.Chat("org/model")!));

    private StudyBudget Budget(decimal? limit, bool allowUnknown = false, string study = "study") =>
        StudyBudget.Open(Options, study, limit, allowUnknown, Time) is var budget ? With(budget, Dear) : null!;

    private static StudyBudget With(StudyBudget budget, PriceBook prices)
    {
        budget.Prices = prices;
        return budget;
    }

    private static ChatReply Reply(int prompt = 10, int completion = 20) =>
        new(ChatOutcome.Complete, "yes", "stop", DateTimeOffset.UnixEpoch, prompt, completion);

    [Test]
    public void Whatever_happens_in_whatever_order_spent_and_set_aside_never_pass_the_limit_and_cover_what_may_be_billed()
    {
        var gen = Gen.Choose(0, 7).ArrayOf(60).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(gen, Gen.Choose(1, 30).ToArbitrary(), (steps, calls) =>
        {
            File.Delete(Options.Path);
            File.Delete(Options.Path + "-wal");
            File.Delete(Options.Path + "-shm");
            var limit = MostUsd * calls / 4;
            var billed = 0m;
            var charges = new Queue<ICallCharge>();
            var budget = Budget(limit);
            var number = 0;
            foreach (var step in steps)
            {
                switch (step)
                {
                    case 0 or 1 or 2:
                        try
                        {
                            charges.Enqueue(budget.For("process").Open(Request()));
                        }
                        catch (BudgetReachedException)
                        {
                        }

                        break;
                    case 3 when charges.TryDequeue(out var settled):
                        settled.Settle(Reply());
                        billed += 0.03m;
                        break;
                    case 4 when charges.TryDequeue(out var unclear):
                        unclear.Unclear();
                        billed += MostUsd;
                        break;
                    case 5 when charges.TryDequeue(out var released):
                        released.Release();
                        break;
                    case 6:
                        var job = budget.ReserveAsync($"job:{number}", "finetune", "a job", 0.25m, CancellationToken.None);
                        if (job.IsCompletedSuccessfully)
                        {
                            billed += 0.25m;
                            number++;
                        }

                        break;
                    case 7:
                        // Killed: nothing is told to anybody, and the provider bills all that was under way.
                        billed += charges.Count * MostUsd;
                        charges.Clear();
                        budget = Budget(limit);
                        break;
                    default:
                        break;
                }

                var total = budget.Summarize();
                var rows = Rows();
                if (rows > limit || rows < billed + (charges.Count * MostUsd) || total.TotalUsd > rows)
                {
                    return false;
                }
            }

            budget.Dispose();
            return Rows() <= limit && Rows() >= billed;
        }));
    }

    [Test]
    public async Task Many_threads_together_never_pass_the_limit_and_all_that_is_stored_is_spent()
    {
        var limit = MostUsd * 5;
        var inner = new ScriptedModel();
        var bought = 0;
        using var budget = Budget(limit);
        await using (var store = Open())
        {
            var model = new StoredChatModel(new Metered(inner, budget.For("process")), store, Origin() with { Meter = budget.For("process") }, Time);
            await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            {
                try
                {
                    await model.CompleteAsync(Request($"question {i % 300}"), CancellationToken.None);
                    Interlocked.Increment(ref bought);
                    Assert.That(Rows(), Is.LessThanOrEqualTo(limit));
                }
                catch (BudgetReachedException)
                {
                }
            });
        }

        var spent = budget.Summarize();
        using var all = Maintain();
        Assert.Multiple(() =>
        {
            Assert.That(inner.Asked, Is.InRange(20, 299), "the limit is reached on the way");
            Assert.That(spent.Lines.Single().Calls, Is.EqualTo(inner.Asked).And.EqualTo(all.Summarize().Answers));
            Assert.That(spent.SettledUsd, Is.EqualTo(all.Summarize().Spend.Single().KnownUsd));
            Assert.That((spent.SetAsideUsd, spent.UnconfirmedUsd), Is.EqualTo((0m, 0m)));
        });
    }

    [Test]
    public async Task An_answer_that_is_there_costs_nothing_and_throwing_away_or_importing_answers_changes_no_spending()
    {
        using (var budget = Budget(100))
        {
            await BuyAsync(budget, "a", "b", "a");
        }

        var spent = Spent();
        Assert.That((spent.Lines.Single().Calls, spent.SettledUsd), Is.EqualTo((2L, 0.063m)));
        using (var store = Maintain())
        {
            await store.ExportAsync(Folder["all.jsonl"], CancellationToken.None);
            Assert.That(store.Prune(null, "study"), Is.EqualTo(2));
        }

        Assert.That(Spent().SettledUsd, Is.EqualTo(spent.SettledUsd));
        using (var store = Maintain())
        {
            store.Import(Folder["all.jsonl"], CancellationToken.None);
        }

        Assert.That(Spent().SettledUsd, Is.EqualTo(spent.SettledUsd));
    }

    [Test]
    public async Task A_run_that_is_killed_leaves_at_most_a_few_calls_unconfirmed_and_one_that_ends_leaves_none()
    {
        var killed = Budget(100);
        await BuyAsync(killed, "a");
        _ = killed.For("process").Open(Request("b"));
        var after = Spent();
        Assert.That(after.SettledUsd, Is.EqualTo(0.031m));
        Assert.That(after.UnconfirmedUsd, Is.GreaterThanOrEqualTo(MostUsd).And.LessThanOrEqualTo(MostUsd * 18));

        using (var next = Budget(100))
        {
            await BuyAsync(next, "c");
        }

        Assert.That((Spent().UnconfirmedUsd, Spent().SettledUsd), Is.EqualTo((after.UnconfirmedUsd, 0.062m)));
    }

    [Test]
    public async Task When_the_limit_is_reached_calls_on_their_way_are_waited_for_and_stored()
    {
        var inner = new ScriptedModel();
        var answer = new TaskCompletionSource();
        using var budget = Budget(MostUsd * 1.5m);
        await using var store = Open();
        var refused = new TaskCompletionSource();
        var metered = new Metered(inner, budget.For("process")) { Refused = refused.SetResult };
        var model = new StoredChatModel(metered, store, Origin() with { Meter = budget.For("process") }, Time);
        var called = new TaskCompletionSource();
        inner.Before = (_, _) =>
        {
            called.SetResult();
            return answer.Task;
        };
        var first = model.CompleteAsync(Request("a"), CancellationToken.None);
        await called.Task;
        var second = model.CompleteAsync(Request("b"), CancellationToken.None);
        await refused.Task;
        Assert.That(second.IsCompleted, Is.False, "it waits for the first, which it would otherwise stop");
        answer.SetResult();
        await first;
        var e = Assert.ThrowsAsync<BudgetReachedException>(() => second)!;
        Assert.That(e.Message, Does.Contain("study 'study'").And.Contain("set aside").And.Contain("--budget").And.Not.Contain("\n"));
        Assert.That(inner.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_that_does_not_fit_beside_those_under_way_waits_for_what_they_leave()
    {
        using var budget = Budget(MostUsd * 1.5m);
        ICallMeter meter = budget.For("process");
        var first = await meter.OpenAsync(Request("a"), CancellationToken.None);
        var waiting = meter.OpenAsync(Request("b"), CancellationToken.None);
        using var impatient = new CancellationTokenSource();
        var givenUp = meter.OpenAsync(Request("c"), impatient.Token);
        Assert.That((waiting.IsCompleted, givenUp.IsCompleted), Is.EqualTo((false, false)));
        await impatient.CancelAsync();
        Assert.That(async () => await givenUp, Throws.InstanceOf<OperationCanceledException>());

        first.Release();
        var second = await waiting;

        var third = meter.OpenAsync(Request("d"), CancellationToken.None);
        second.Unclear();
        Assert.That(async () => await third, Throws.TypeOf<BudgetReachedException>(), "nothing is under way any more that could leave room");
    }

    [Test]
    public void The_message_names_all_amounts_and_what_would_be_enough()
    {
        using var budget = Budget(MostUsd * 1.5m);
        budget.EnoughUsd = 12.341m;
        _ = budget.For("process").Open(Request());
        var e = Assert.Throws<BudgetReachedException>(() => budget.For("process").Open(Request()))!;
        Assert.That(e.Message, Does.Contain($"The budget of {BudgetWords.Money(MostUsd * 1.5m)}").And.Contain("$0.00 is spent")
            .And.Contain($"{BudgetWords.Money(MostUsd)} set aside").And.Contain($"may cost {BudgetWords.Money(MostUsd)}").And.Contain("the plan expects $12.35 at most"));
    }

    [Test]
    public void A_price_that_is_not_known_is_refused_and_where_allowed_counted_but_never_as_nothing()
    {
        using (var strict = Budget(100))
        {
            Assert.That(
                () => strict.For("process").Open(Request(model: "org/other")),
                Throws.TypeOf<MisuseException>().With.Message.Contains("org/other").And.Message.Contains("--prices").And.Message.Contains("--allow-unknown-price"));
            Assert.That(strict.ReserveAsync("job:x", "finetune", "the job x", null, CancellationToken.None).Exception!.InnerException, Is.TypeOf<MisuseException>());
        }

        using var budget = Budget(100, allowUnknown: true);
        budget.For("process").Open(Request(model: "org/other")).Unclear();
        Assert.That(budget.ReserveAsync("job:x", "finetune", "the job x", null, CancellationToken.None).IsCompletedSuccessfully);
        Assert.That(budget.For("process").PriceUsd(Request(model: "org/other"), Reply()), Is.Null);
        Assert.That((budget.Summarize().Unpriced, budget.Summarize().TotalUsd), Is.EqualTo((2L, 0m)));
    }

    [Test]
    public void A_reply_without_token_counts_is_charged_the_most_that_it_could_cost()
    {
        using var budget = Budget(100);
        Assert.That(budget.For("process").PriceUsd(Request(), Reply() with { CompletionTokens = null }), Is.EqualTo(MostUsd));
    }

    [Test]
    public async Task Entries_outlive_a_crash_hold_one_amount_a_key_and_count_until_they_are_settled_or_released()
    {
        var killed = Budget(10);
        await killed.ReserveAsync("job:a-1", "finetune", "the job a-1", 6, CancellationToken.None);
        using var budget = Budget(10);
        await budget.ReserveAsync("job:a-1", "finetune", "the job a-1", 7, CancellationToken.None);
        Assert.That(
            () => budget.ReserveAsync("serving:1", "serving", "an endpoint", 4, CancellationToken.None),
            Throws.TypeOf<BudgetReachedException>().With.Message.Contains("an endpoint").And.Message.Contains("$7.00 set aside"));
        await budget.SettleAsync("job:a-1", 5.5m, CancellationToken.None);
        await budget.ReserveAsync("serving:1", "serving", "an endpoint", 4, CancellationToken.None);
        await budget.ReleaseAsync("serving:1", CancellationToken.None);
        await budget.ReleaseAsync("job:a-1", CancellationToken.None);
        await budget.ReleaseAsync("never", CancellationToken.None);
        await budget.ReserveAsync("job:b-1", "finetune", "the job b-1", 1, CancellationToken.None);
        await budget.SettleAsync("job:b-1", null, CancellationToken.None);
        await budget.SettleAsync("job:lost", 0.5m, CancellationToken.None);
        Assert.That((budget.Summarize().SettledUsd, budget.Summarize().SetAsideUsd), Is.EqualTo((7m, 0m)));
    }

    [Test]
    public async Task Answers_of_a_batch_move_their_price_out_of_what_the_batch_set_aside_each_once()
    {
        using var budget = Budget(10);
        await budget.ReserveAsync("batch:1", "process", "a batch", 9, CancellationToken.None);
        await using var store = Open();
        var answer = ResponseStoreTests.Answer(1) with { PriceUsd = 2, Study = "study" };
        await store.AddAsync(answer, "batch:1");
        await store.AddAsync(answer, "batch:1");
        Assert.That((budget.Summarize().SettledUsd, budget.Summarize().SetAsideUsd), Is.EqualTo((2m, 7m)));
        await budget.ReleaseAsync("batch:1", CancellationToken.None);
        Assert.That(budget.Summarize().TotalUsd, Is.EqualTo(2));
    }

    [Test]
    public void A_stage_may_price_a_model_like_another_or_not_by_its_calls_at_all()
    {
        using var budget = Budget(10);
        var meter = budget.For("respond");
        meter.PricedAs("acct/tuned", "org/model");
        meter.PaidByTheMinute("org/model");
        Assert.That((Price(meter, "acct/tuned"), Price(meter, "org/model"), Price(meter, "acct/else")), Is.EqualTo(((decimal?)3, (decimal?)0, (decimal?)null)));
        Assert.That(Price(budget.For("evaluate"), "org/model"), Is.EqualTo(3), "another stage asks the model by its name");

        static decimal? Price(StudyMeter meter, string model) => meter.PriceUsd(
            new ChatRequest(model, [new Message("user", "x")], 0, 1, 10, null),
            new ChatReply(ChatOutcome.Complete, "y", "stop", DateTimeOffset.UnixEpoch, 1000, 2000));
    }

    [Test]
    public async Task A_store_of_the_version_before_keeps_its_answers_and_counts_them_as_spent()
    {
        await AskAsync(new ScriptedModel(), Origin(), "a", "b", "c");
        using (var connection = new SqliteConnection($"Data Source={Options.Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                "DROP TABLE spending_calls; DROP TABLE spending_unclear; DROP TABLE spending_entries; DROP TABLE spending_runs; PRAGMA user_version=1";
            command.ExecuteNonQuery();
        }

        var spent = Spent();
        Assert.That((spent.Lines.Single().Calls, spent.SettledUsd, spent.Unpriced), Is.EqualTo((3L, 0.000_04m, 1L)));
        using var store = Maintain();
        Assert.That((store.Summarize().Answers, store.Verify(CancellationToken.None)), Is.EqualTo((3L, Array.Empty<string>())));
        Assert.That(store.Usage().Single() is { Answers: 2, PromptCharacters: 18, CompletionTokens: 40 });
    }

    private async Task BuyAsync(StudyBudget budget, params string[] texts)
    {
        await using var store = Open();
        var model = new StoredChatModel(new Metered(new ScriptedModel(), budget.For("process")), store, Origin() with { Meter = budget.For("process") }, Time);
        foreach (var text in texts)
        {
            await model.CompleteAsync(Request(text), CancellationToken.None);
        }
    }

    private StudySpending Spent()
    {
        using var store = Maintain();
        return store.Spending().Single();
    }

    // All rows, read by others' means.
    private decimal Rows()
    {
        using var connection = new SqliteConnection($"Data Source={Options.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT coalesce((SELECT sum(settled_nano_usd) FROM spending_calls), 0) + coalesce((SELECT sum(nano_usd) FROM spending_unclear), 0)
                + coalesce((SELECT sum(coalesce(settled_nano_usd, reserved_nano_usd)) FROM spending_entries), 0)
                + coalesce((SELECT sum(allowance_nano_usd) FROM spending_runs), 0)
            """;
        return (long)command.ExecuteScalar()! / 1_000_000_000m;
    }

    /// <summary>Asks the meter as a provider's client does.</summary>
    private sealed class Metered(IChatModel inner, ICallMeter meter) : IChatModel
    {
        public Action Refused { get; init; } = static () => { };

        public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
        {
            ICallCharge charge;
            try
            {
                charge = meter.Open(request);
            }
            catch (BudgetReachedException)
            {
                Refused();
                throw;
            }

            var reply = await inner.CompleteAsync(request, cancellationToken);
            charge.Settle(reply);
            return reply;
        }
    }
}
