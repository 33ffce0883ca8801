using Cfx.Core;
using Cfx.Core.Spending;
using Cfx.Together.Batch;
using Cfx.Together.Tests.Serving;

namespace Cfx.Together.Tests.Batch;

/// <summary>Two studies of one checkout that ask the same.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class BatchSharingTests : BatchFixture
{
    private readonly Dictionary<string, RecordingBudget> _budgets = new(StringComparer.Ordinal);

    [SetUp]
    public void Fill()
    {
        _budgets["a"] = new RecordingBudget();
        _budgets["b"] = new RecordingBudget();
        Terms = new BatchTerms { BudgetOf = study => _budgets[study], MostUsd = _ => 1, PriceUsd = (_, _) => 0.1m };
        Study = "a";
    }

    [TestCase(BatchMode.Direct)]
    [TestCase(BatchMode.Batch)]
    public async Task The_other_study_waits_for_the_batch_that_holds_its_calls_and_buys_none_of_them(BatchMode mode)
    {
        LeaveABatch();
        Batches = Batches with { Mode = mode };
        Study = "b";
        Assert.That((await FetchAsync(Texts(3))).Answered, Is.EqualTo(3));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
        Assert.That((_budgets["a"].Total, _budgets["b"].Told), Is.EqualTo((0m, Array.Empty<string>())), "who bought pays");
        Study = "a";
        await FetchAsync(Texts(3));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_batch_that_was_about_to_be_made_is_looked_for_before_its_calls_are_bought_by_another_study()
    {
        LoseEveryReply(isProcessed: true);
        Study = "b";
        Assert.That((await FetchAsync(Texts(3))).Answered, Is.EqualTo(3));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_batch_that_cannot_be_found_is_left_to_its_study_and_another_one_is_made_beside_it()
    {
        LoseEveryReply(isProcessed: false);
        var record = Files("*.json").Single();
        var before = await File.ReadAllTextAsync(Path.Combine(Batches.Folder, record));
        Study = "b";
        Assert.That((await FetchAsync(Texts(3))).Answered, Is.EqualTo(3));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(Batches.Folder, record)), Is.EqualTo(before));
        Assert.That((Files("*.json").Count, _budgets["a"].Total), Is.EqualTo((2, 3m)));
    }

    [Test]
    public void A_budget_that_is_reached_leaves_the_other_studys_record_alone()
    {
        LoseEveryReply(isProcessed: false);
        _budgets["b"] = new RecordingBudget(1);
        Study = "b";
        Assert.ThrowsAsync<BudgetReachedException>(() => FetchAsync(Texts(3)));
        Assert.That((Files("*.json").Count, Files("*.jsonl").Count), Is.EqualTo((1, 1)));
    }

    private void LeaveABatch()
    {
        Provider.LooksBeforeTheEnd = 3;
        Batches = Batches with { Wait = false };
        Assert.ThrowsAsync<WorkPendingException>(() => FetchAsync(Texts(3)));
        Batches = Batches with { Wait = true };
    }

    private void LoseEveryReply(bool isProcessed)
    {
        for (var send = 0; send < 3; send++)
        {
            Server.Once(BatchProvider.Create, r => (isProcessed && Provider.Batches.Count == 0 ? Provider.MakeAndLoseTheReply(r) : new Answer(500, "")) with { Break = Break.BeforeTheReply });
        }

        for (var look = 0; look < (isProcessed ? 6 : 0); look++)
        {
            Server.Once(BatchProvider.List, Answer.Ok("[]"));
        }

        Failure(() => FetchAsync(Texts(3)));
    }
}
