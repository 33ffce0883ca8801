using System.Text.Json;
using Cfx.Core;
using Cfx.Core.Spending;
using Cfx.Together.Prices;
using Cfx.Together.Wire;

namespace Cfx.Together.Tests.Prices;

public sealed class PriceFileTests
{
    [Test]
    public void An_entry_says_what_it_says_and_no_more()
    {
        var prices = PriceFile.Parse(
            """
            { "models": [
              { "model": "a", "input": 0.88, "output": 1, "batch_input": 0.44, "batch_output": 0.5, "training_lora": 0.48, "training_minimum": 4,
                "serving_per_minute": 0.11, "source": "a page", "date": "2026-01-24" },
              { "model": "b" } ] }
            """,
            "my/prices.json");
        Assert.That(prices, Is.EqualTo(new ModelPrice[]
        {
            new("a", "a page")
            {
                Date = new DateOnly(2026, 1, 24),
                Chat = new TokenPrice(0.88m, 1),
                Batch = new TokenPrice(0.44m, 0.5m),
                Training = new TrainingPrice(0.48m, null, 4),
                ServingUsdPerMinute = 0.11m,
            },
            new("b", "prices.json"),
        }));
    }

    [TestCase("[]", "\"models\"")]
    [TestCase("{ \"models\": [ {} ] }", "entry 1")]
    [TestCase("{ \"models\": [ { \"model\": \"a\", \"inptu\": 1 } ] }", "\"inptu\" of a")]
    [TestCase("{ \"models\": [ { \"model\": \"a\", \"input\": 1 } ] }", "only one of")]
    [TestCase("{ \"models\": [ { \"model\": \"a\", \"input\": -1, \"output\": 1 } ] }", "\"input\" of a")]
    [TestCase("{ \"models\": [ { \"model\": \"a\", \"input\": \"1\", \"output\": 1 } ] }", "\"input\" of a")]
    [TestCase("{ \"models\": [ { \"model\": \"a\", \"date\": \"24 Jan\" } ] }", "\"date\" of a")]
    [TestCase("{ \"models\": ", "not in order")]
    public void What_is_wrong_with_a_file_is_named_in_one_line(string text, string says) => Assert.That(
        () => PriceFile.Parse(text, "my.json"),
        Throws.TypeOf<MisuseException>().With.Message.Contains("'my.json'").And.Message.Contains(says).And.Message.Contains("docs/cost.md"));

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(() => PriceFile.Read("/no/such/prices.json"), Throws.TypeOf<MisuseException>().With.Message.Contains("/no/such/prices.json"));

    [TestCase("""{"input":0.18,"output":0.2,"hourly":0,"base":0,"finetune":0}""", "0.18", "0.2")]
    [TestCase("""{"input":0,"output":0.2}""", "0", "0.2")]
    public void The_providers_list_tells_prices_of_direct_calls_alone(string pricing, string input, string output)
    {
        var price = ApiPrices.From([Model(pricing)], "together").Single();
        Assert.That((price.Chat, price.Batch, price.Training), Is.EqualTo((new TokenPrice(Number(input), Number(output)), (TokenPrice?)null, (TrainingPrice?)null)));
        Assert.That(price.Source, Does.Contain("taken for USD per million tokens"));
    }

    [TestCase("""{"input":0,"output":0}""")]
    [TestCase("""{"input":"0.18","output":0.18}""")]
    [TestCase("""{"input":0.18}""")]
    [TestCase("7")]
    [TestCase("null")]
    public void What_is_no_price_is_not_taken_for_one(string pricing) => Assert.That(ApiPrices.From([Model(pricing)], "together"), Is.Empty);

    [Test]
    public void Every_entry_of_the_projects_file_has_its_source_and_date()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Cfx.sln")))
        {
            root = root.Parent;
        }

        var prices = PriceFile.Read(Path.Combine(root.FullName, "prices", "together.json"));
        Assert.That(prices, Is.Not.Empty);
        Assert.That(prices.Where(p => p.Date is null || p.Chat is null || !p.Source.Contains('.', StringComparison.Ordinal) || p.Source == "together.json"), Is.Empty);
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static ModelObject Model(string pricing) => new() { Id = "m", Pricing = JsonDocument.Parse(pricing).RootElement };
}
