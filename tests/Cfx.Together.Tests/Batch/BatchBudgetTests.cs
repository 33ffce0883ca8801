using System.Text.Json.Nodes;
using Cfx.Core.Spending;
using Cfx.Together.Batch;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Together.Tests.Batch;

[TestFixture]
[CancelAfter(60_000)]
public sealed class BatchBudgetTests : BatchFixture
{
    private Purse _purse = null!;

    [SetUp]
    public void Fill()
    {
        _purse = new Purse(100);
        Terms = new BatchTerms { BudgetOf = _ => _purse, MostUsd = _ => 1, PriceUsd = (_, reply) => reply.CompletionTokens * 0.001m };
    }

    [Test]
    public async Task A_batch_is_reserved_at_its_most_before_it_is_made_and_then_each_answer_costs_its_own_price()
    {
        Server.Once(BatchProvider.Create, received =>
        {
            Assert.That(_purse.Log, Is.EqualTo(new[] { $"reserve {Entry} 3" }));
            return Provider.MakeAndLoseTheReply(received);
        });
        await FetchAsync(Texts(3));

        Assert.That(_purse.Log, Is.EqualTo(new[] { $"reserve {Entry} 3", $"settle {Entry} 0" }));
        Assert.That(await PricesAsync(), Is.EqualTo(new decimal?[] { 0.005m, 0.005m, 0.005m }));
    }

    [Test]
    public async Task Without_a_batch_price_answers_cost_the_direct_one()
    {
        Terms = Terms with { PriceUsd = null };
        await FetchAsync(Texts(3));
        Assert.That(await PricesAsync(), Is.EqualTo(new decimal?[] { 0.05m, 0.05m, 0.05m }));
    }

    [Test]
    public async Task An_unknown_price_is_handed_on_as_unknown()
    {
        Terms = Terms with { MostUsd = request => request.Messages[^1].Content == "question 2" ? null : 1 };
        await FetchAsync(Texts(3));
        Assert.That(_purse.Log[0], Is.EqualTo($"reserve {Entry} "));
    }

    [Test]
    public async Task Past_the_budget_no_batch_is_made_and_a_larger_one_goes_on_where_it_stopped()
    {
        Batches = Batches with { MaxRequests = 2 };
        _purse.Limit = 3;
        Assert.ThrowsAsync<BudgetReachedException>(() => FetchAsync(Texts(5)));
        Assert.That(Provider.Batches, Has.Count.EqualTo(1));
        _purse.Limit = 100;
        await FetchAsync(Texts(5));
        await StageAsync(Texts(5));
        Assert.That(Provider.Asked.Order(StringComparer.Ordinal), Is.EqualTo(Texts(5)));
    }

    [Test]
    public void A_refused_batch_gives_its_money_back()
    {
        Server.Always(BatchProvider.Create, new Answer(402, """{"error":"limit"}"""));
        Failure(() => FetchAsync(Texts(3)));
        Assert.That(_purse.Reserved, Is.Empty);
    }

    [Test]
    public async Task A_batch_that_failed_as_a_whole_costs_nothing()
    {
        Provider.End = _ => "FAILED";
        await FetchAsync(Texts(3));
        Assert.That(_purse.Log[^1], Does.StartWith("release"));
    }

    [Test]
    public async Task A_call_without_any_result_counts_as_if_it_cost_the_most()
    {
        Batches = Batches with { Resends = 0 };
        Provider.End = _ => "EXPIRED";
        Provider.Lines = (_, id, body) => (string)body["messages"]!.AsArray()[^1]!["content"]! switch
        {
            "question 1" => [BatchProvider.Line(id, body)],
            "question 2" => [BatchProvider.Failed(id, "no")],
            _ => [],
        };
        await FetchAsync(Texts(3));
        Assert.That(_purse.Log[^1], Is.EqualTo($"settle {Entry} 1"));
    }

    [TestCase("null")]
    [TestCase("{\"prompt_tokens\":10}")]
    public async Task An_answer_without_token_counts_costs_the_most(string usage)
    {
        Provider.Lines = (_, id, body) =>
        {
            var line = BatchProvider.Line(id, body);
            line["response"]!["body"]!["usage"] = JsonNode.Parse(usage);
            return [line];
        };
        await FetchAsync(Texts(2));
        Assert.That(await PricesAsync(), Is.EqualTo(new decimal?[] { 1, 1 }));
    }

    [Test]
    public async Task An_answer_without_token_counts_and_without_a_price_stays_unknown()
    {
        Terms = Terms with { MostUsd = _ => null };
        Provider.Lines = (_, id, body) =>
        {
            var line = BatchProvider.Line(id, body);
            line["response"]!["body"]!.AsObject().Remove("usage");
            return [line];
        };
        await FetchAsync(Texts(1));
        Assert.That(await PricesAsync(), Is.EqualTo(new decimal?[] { null }));
    }

    [TestCase("""{"status_code":200,"body":{"choices":[]}}""", 1)]
    [TestCase("""{"body":{"choices":"none"}}""", 1)]
    [TestCase("""{"status_code":200,"body":"text"}""", 1)]
    [TestCase("""{"status_code":500,"body":{"error":"boom"}}""", 0)]
    [TestCase("null", 1)]
    public async Task A_line_that_may_have_been_billed_counts_the_most_though_it_is_of_no_use(string response, int cost)
    {
        Batches = Batches with { Resends = 0 };
        Provider.Lines = (_, id, _) => [new JsonObject { ["custom_id"] = id, ["response"] = JsonNode.Parse(response) }];
        await FetchAsync(Texts(1));
        Assert.That(_purse.Log[^1], Is.EqualTo($"settle {Entry} {cost}"));
    }

    [Test]
    public async Task A_useless_answer_counts_the_most_also_when_the_call_fails_after_it()
    {
        Batches = Batches with { Resends = 0 };
        Provider.Lines = (_, id, body) =>
        [
            new JsonObject { ["custom_id"] = id, ["response"] = JsonNode.Parse("""{"status_code":200,"body":{"choices":[]}}""") },
            BatchProvider.Failed(id, "late"),
        ];
        await FetchAsync(Texts(1));
        Assert.That(_purse.Log[^1], Is.EqualTo($"settle {Entry} 1"));
    }

    [Test]
    public void A_refusal_after_a_lost_reply_leaves_the_money_set_aside()
    {
        Server.Once(BatchProvider.Create, Provider.MakeAndLoseTheReply).Always(BatchProvider.Create, new Answer(402, """{"error":"limit"}"""))
            .Always(BatchProvider.List, Answer.Ok("[]"));
        Failure(() => FetchAsync(Texts(3)));
        Assert.That(_purse.Reserved, Has.Count.EqualTo(1));
    }

    private async Task<IEnumerable<decimal?>> PricesAsync()
    {
        using var store = StoreMaintenance.Open(new StoreOptions(Folder["responses.db"]), NullLogger.Instance);
        await store.ExportAsync(Folder["export.jsonl"], CancellationToken.None);
        return Folder.Lines("export.jsonl").Select(l => (decimal?)l["price_usd"]);
    }

    private string Entry => "batch:" + Path.GetFileNameWithoutExtension(Provider.Batches.Count > 0 ? Provider.FileName(Provider.Batches[0]) : Files("*.json")[0]);

    private sealed class Purse(decimal limit) : IBudget
    {
        public decimal Limit { get; set; } = limit;

        public List<string> Log { get; } = [];

        public Dictionary<string, decimal> Reserved { get; } = new(StringComparer.Ordinal);

        public Task ReserveAsync(string key, string stage, string purpose, decimal? usd, CancellationToken cancellationToken)
        {
            Log.Add(FormattableString.Invariant($"reserve {key} {usd:0.###}"));
            Reserved[key] = usd ?? 0;
            return Reserved.Values.Sum() <= Limit ? Task.CompletedTask : Task.FromException(Refuse(key));
        }

        public Task SettleAsync(string key, decimal? usd, CancellationToken cancellationToken)
        {
            Log.Add(FormattableString.Invariant($"settle {key} {usd:0.###}"));
            Reserved[key] = usd ?? Reserved[key];
            return Task.CompletedTask;
        }

        public Task ReleaseAsync(string key, CancellationToken cancellationToken)
        {
            Log.Add($"release {key}");
            Reserved.Remove(key);
            return Task.CompletedTask;
        }

        private BudgetReachedException Refuse(string key)
        {
            Reserved.Remove(key);
            return new BudgetReachedException("enough");
        }
    }
}
