namespace EndToEnd.Tests.Paid;

/// <summary>A study whose calls go by batch is the study of direct calls.</summary>
public sealed class PaidBatchTests
{
    private const string Prices = """
        { "models": [
          { "model": "sandbox/large", "batch_input": 0.45, "batch_output": 0.60, "source": "this test" },
          { "model": "sandbox/small", "batch_input": 0.05, "batch_output": 0.10, "source": "this test" },
          { "model": "sandbox/judge", "batch_input": 0.30, "batch_output": 0.40, "source": "this test" } ] }
        """;

    [Test]
    public void Batches_that_a_run_did_not_wait_for_are_collected_and_the_artifacts_are_those_of_direct_calls()
    {
        using var study = PaidStudy.Start("name", "--batch-time=1");
        File.WriteAllText(study.Checkout["batch-prices.json"], Prices);

        var left = study.Run("--budget=5", "--mode=batch", "--no-wait", "--prices=batch-prices.json");

        Assert.That(left.ExitCode, Is.EqualTo(3), left.ToString());
        Assert.That(left.Statuses["Process-Feedback"], Is.EqualTo("Pending"));
        Assert.That(left.Statuses["Process-Alternative"], Is.EqualTo("Pending"), "batches of other methods are sent before any is waited for");
        var collected = study.Run("--budget=5", "--mode=batch", "--prices=batch-prices.json");

        Assert.That(collected.ExitCode, Is.Zero, collected.ToString());
        AssertLikeTheReference(study);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(study.Answers, Is.Unique);
            Assert.That(study.BatchedModels, Is.EquivalentTo(PaidOneTime.Reference.AnsweringModels), "tuned models that answer by name go by batch too");
            Assert.That(study.Billed, Is.LessThan(PaidOneTime.Reference.Billed), "at the price of batches");
        }
    }

    [Test]
    public void What_is_worth_it_goes_by_batch_and_the_rest_directly()
    {
        using var study = PaidStudy.Start("name");
        File.WriteAllText(study.Checkout["batch-prices.json"], Prices);

        var run = study.Run("--budget=5", "--mode=auto", "--batch-threshold=40", "--prices=batch-prices.json");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        AssertLikeTheReference(study);
        Assert.That(study.BatchedModels, Is.EqualTo(new[] { "sandbox/large" }));
    }

    [Test]
    public void What_is_dearer_by_batch_is_asked_directly()
    {
        using var study = PaidStudy.Start("name");
        File.WriteAllText(study.Checkout["batch-prices.json"], Prices.Replace("0.45", "45", StringComparison.Ordinal).Replace("0.60", "60", StringComparison.Ordinal));

        var run = study.Run("--budget=5", "--mode=auto", "--batch-threshold=40", "--prices=batch-prices.json");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(study.BatchedModels, Is.Empty);
    }

    [Test]
    public void On_the_embedded_sandbox_too_batches_give_the_artifacts_of_direct_calls()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study", "--mode=batch");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Artifacts.Differences(Artifacts.Of(checkout, "study-sandbox"), Artifacts.Of(OneTime.Baseline, "study-sandbox")), Is.Empty);
    }

    private static void AssertLikeTheReference(PaidStudy study)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Artifacts.Differences(study.Artifacts, PaidOneTime.Reference.Artifacts), Is.Empty);
            Assert.That(study.Billed, Is.EqualTo(study.Spent(minutes: false)).Within(0.000_000_2m), "batched calls count, each rounded to the billionth");
        }

        TestContext.Out.WriteLine($"billed {study.Billed}, by the ledger {study.Spent(minutes: false)}; directly {PaidOneTime.Reference.Billed}");
    }
}
