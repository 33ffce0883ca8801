using Cfx.Build.Composition.Planning;
using Cfx.Build.Options;
using Cfx.Together.Store;

namespace Build.Tests.Composition.Planning;

public sealed class PlanTests
{
    private static readonly StudySpending Spent = new("s", [new SpendingLine("process", "m", 1, 1, 1, 2, 0, 0.5m, 0)], Abandoned: 0.25m, UnderWay: 0);

    [TestCase("--target=Study --pilot=5", "--target=Pilot --pilot=5")]
    [TestCase("-t study --pilot 5", "-t Pilot --pilot 5")]
    [TestCase("--target Study --study-pilot=5 -n 3", "--target Pilot --study-pilot=5 -n 3")]
    [TestCase("--target=Study --budget=5", "--target=Study --budget=5")]
    [TestCase("--target=Process --pilot=5", "--target=Process --pilot=5")]
    public void Sizing_a_pilot_makes_the_study_a_pilot_and_nothing_else(string given, string meant) =>
        Assert.That(PilotArguments.Apply(given.Split(' ')), Is.EqualTo(meant.Split(' ')));

    [Test]
    public void A_price_that_is_not_known_is_named_and_adds_nothing_to_the_total()
    {
        var plan = Plan(
            new PlanLine("Process", "a", 10, "") { Usd = new PlanRange(1, 2, 3), BatchUsd = null },
            new PlanLine("Evaluate", "b", 10, "") { Usd = null, BatchUsd = null });
        Assert.Multiple(() =>
        {
            Assert.That(plan.Total, Is.EqualTo(new PlanRange(1, 2, 3)));
            Assert.That(plan.BatchTotal, Is.EqualTo(new PlanRange(1, 2, 3)), "where no batch price is known, the direct one counts");
            Assert.That(plan.Unknown.Select(l => l.What), Is.EqualTo(new[] { "b" }));
            Assert.That(plan.EnoughUsd, Is.EqualTo(2.75m + 3));
        });
    }

    [Test]
    public void What_a_test_can_show_is_planned_for_all_comparisons_together() =>
        Assert.That(Plan().Detectable(0.3), Is.EqualTo(0.0427197).Within(1e-6), "1000 contexts, 3 comparisons: the reference number");

    [Test]
    public void Answers_are_as_long_as_they_were_and_else_as_assumed_and_never_longer_than_allowed()
    {
        ModelUsage[] usage = [new("s", "process", "m", 8, 100, 800, 1000, 1), new("t", "process", "m", 2, 100, 200, 1000, 1)];
        Assert.That(OutputEstimate.Of(usage, 1000, 50, "a guess").Tokens, Is.EqualTo(new PlanRange(90, 100, 125)));
        Assert.That(OutputEstimate.Of(usage, 110, 50, "a guess").Tokens, Is.EqualTo(new PlanRange(90, 100, 110)));
        var assumed = OutputEstimate.Of([usage[1]], 1000, 50, "a guess");
        Assert.That((assumed.Tokens, assumed.Method), Is.EqualTo((new PlanRange(25, 50, 1000), "answers assumed: a guess")));
    }

    private static StudyPrediction Plan(params PlanLine[] lines) => new("s", "together", lines, Spent, 1000, 3, [], []);
}
