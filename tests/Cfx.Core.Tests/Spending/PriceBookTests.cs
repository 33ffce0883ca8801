using Cfx.Core.Spending;

namespace Cfx.Core.Tests.Spending;

public sealed class PriceBookTests
{
    private static readonly ModelPrice Mine = new("m", "my file") { Training = new TrainingPrice(1, null, 2) };
    private static readonly ModelPrice Listed = new("m", "the list") { Date = new DateOnly(2026, 1, 24), Chat = new TokenPrice(3, 4) };

    [Test]
    public void The_first_source_that_says_something_counts_for_each_kind_of_price()
    {
        var book = new PriceBook([Mine], [], [Listed, new ModelPrice("n", "the list") { Chat = TokenPrice.Free }]);
        Assert.Multiple(() =>
        {
            Assert.That(book.Chat("m"), Is.EqualTo(new TokenPrice(3, 4)));
            Assert.That(book.SourceOf("m"), Is.EqualTo("the list, 2026-01-24"));
            Assert.That(book.Training("m")!.LoraUsd, Is.EqualTo(1));
            Assert.That(book.TrainingSourceOf("m"), Is.EqualTo("my file"));
            Assert.That(book.Chat("n"), Is.EqualTo(TokenPrice.Free));
        });
        Assert.That(new PriceBook([Listed with { Chat = new TokenPrice(9, 9) }], [Listed]).Chat("m")!.InputUsd, Is.EqualTo(9));
    }

    [TestCase(1.0, 2.0, 3.0, 1.0)]
    [TestCase(null, 2.0, 3.0, 2.0)]
    [TestCase(null, null, 3.0, 3.0)]
    [TestCase(null, null, null, null)]
    public void What_the_provider_tells_of_hardware_comes_after_the_users_file_and_before_the_projects(double? mine, double? told, double? listed, double? expected)
    {
        var book = new PriceBook([new ModelPrice("m", "my file") { ServingUsdPerMinute = (decimal?)mine }], [], [new ModelPrice("m", "the list") { ServingUsdPerMinute = (decimal?)listed }]);
        Assert.That(book.ServingPerMinute("m", (decimal?)told), Is.EqualTo((decimal?)expected));
    }

    [Test]
    public void What_no_source_says_is_not_known_and_nothing_is_derived_from_another_price()
    {
        var book = new PriceBook([Listed]);
        Assert.That(
            (book.Chat("other"), book.Batch("m"), book.Training("m"), book.ServingPerMinute("m"), book.SourceOf("other")),
            Is.EqualTo(((TokenPrice?)null, (TokenPrice?)null, (TrainingPrice?)null, (decimal?)null, (string?)null)));
    }

    [Test]
    public void On_the_sandbox_everything_is_known_to_cost_nothing() =>
        Assert.That(
            (PriceBook.Free.Chat("x"), PriceBook.Free.Batch("x"), PriceBook.Free.Training("x")!.For(1000, lora: true), PriceBook.Free.ServingPerMinute("x")),
            Is.EqualTo((TokenPrice.Free, TokenPrice.Free, (decimal?)0, (decimal?)0)));

    [Test]
    public void A_job_costs_its_minimum_at_least_and_nothing_is_known_of_the_other_kind()
    {
        var price = new TrainingPrice(0.5m, null, 4);
        Assert.That((price.For(1_000_000, true), price.For(20_000_000, true), price.For(20_000_000, false)), Is.EqualTo(((decimal?)4, (decimal?)10, (decimal?)null)));
    }
}
