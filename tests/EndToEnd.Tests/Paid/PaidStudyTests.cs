using System.Runtime.Versioning;

namespace EndToEnd.Tests.Paid;

/// <summary>A study that costs money, from its plan to its analysis.</summary>
public sealed class PaidStudyTests
{
    private static PaidStudy Reference => PaidOneTime.Reference;

    [Test]
    public void By_name_what_was_billed_is_what_the_ledger_and_the_store_show()
    {
        var shown = Reference.Target("Store");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reference.Billed, Is.EqualTo(Reference.Spent(minutes: false)).Within(0.000_000_002m), "every call and both jobs, to the billionth");
            Assert.That(Reference.Billed, Is.Positive);
            Assert.That(Reference.Served, Is.EqualTo((0, 0)));
            Assert.That(Reference.Sandbox.Jobs, Has.Count.EqualTo(2));
            Assert.That(Reference.Answers, Is.Unique);
            Assert.That(shown.Output, Does.Contain(decimal.Round(Reference.Spent(minutes: false), 6, MidpointRounding.AwayFromZero).ToString(System.Globalization.CultureInfo.InvariantCulture)), shown.ToString());
        }

        TestContext.Out.WriteLine($"planned {Reference.Planned}, billed {Reference.Billed}, {Reference.Answers.Count} answers");
    }

    [Test]
    public void The_key_is_written_nowhere() => Reference.AssertKeyIsNowhere(PaidOneTime.ReferenceRun);

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void Everything_a_paid_study_makes_is_its_owners_alone() => PrivacyTests.AssertOwnersAlone(
        Reference.Checkout, "data/rehearsal", "models/rehearsal", "results/rehearsal", ".cfx/logs", ".cfx/serving");

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void What_a_pilot_drew_by_name_stands_in_for_no_answer_from_hardware_of_ones_own()
    {
        using var study = PaidStudy.Start("v2", "--serverless=sandbox/large,sandbox/judge,sandbox/small");
        var pilot = study.Run("--target=Pilot", "--pilot=5", "--budget=5");
        Assert.That(pilot.ExitCode, Is.Zero, pilot.ToString());
        Assert.That(study.StoredAnswers("sandbox/small", null), Is.EqualTo(5), "it was asked by its name");
        PrivacyTests.AssertOwnersAlone(study.Checkout, "results/rehearsal-pilot");

        var run = study.Run("--budget=5");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(study.StoredAnswers("sandbox/small", "v2"), Is.EqualTo(study.Checkout.Lines("results/rehearsal/responses/base.jsonl").Count));
        Assert.That(study.StoredAnswers("sandbox/small", null), Is.EqualTo(5));
    }

    [Test]
    public void The_users_price_of_a_minute_goes_before_the_providers()
    {
        using var study = PaidStudy.Start("v2");
        File.WriteAllText(study.Checkout["minutes.json"], """{ "models": [ { "model": "sandbox/small", "serving_per_minute": 0.5 } ] }""");

        var check = study.Run("--target=Check", "--prices=minutes.json", "--budget=5");

        Assert.That(check.Output, Does.Contain("at 30 USD an hour"), check.ToString());
        Assert.That(study.Target("Check", "--budget=5", "--finetune-model=sandbox/small").Output, Does.Contain("USD an hour").And.Not.Contain("at 30 USD"));
    }

    [Test]
    public void Manifests_say_what_the_answers_cost()
    {
        decimal? Cost(string artifact) => (decimal?)Reference.Checkout.Json($"{artifact}.manifest.json")["cost_usd"];
        decimal Billed(string model) => Reference.Sandbox.Ledger()
            .Where(e => (string?)e["model"] == model && (string?)e["route"] == "/chat/completions").Sum(e => (decimal)e["billed_usd"]!);

        var rewritten = Cost("data/rehearsal/feedback.jsonl") + Cost("data/rehearsal/alternative.jsonl");
        Assert.That(rewritten, Is.EqualTo(Billed("sandbox/large")));
        Assert.That(Cost("results/rehearsal/evaluations/base_vs_feedback.json"), Is.Positive);
        Assert.That(Cost("models/rehearsal/feedback_job.json"), Is.Positive);
    }

    [TestCase("v2")]
    [TestCase("v1")]
    public void On_hardware_of_ones_own_a_study_ends_as_by_name_and_everything_is_stopped(string serving)
    {
        using var study = PaidStudy.Start(serving);

        var run = study.Run("--budget=5");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var served = study.Sandbox.Ledger().Where(e => (string?)e["event"] == "serving-started").Select(e => (string)e["model"]!).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(study.Figures, Is.EqualTo(Reference.Figures));
            Assert.That(served, Has.Count.EqualTo(3).And.Contains("sandbox/small"), "the untuned model is served like the tuned ones");
            Assert.That(study.Served.Stopped, Is.EqualTo(3));
            Assert.That(study.BilledWithoutMinutes, Is.EqualTo(study.Spent(minutes: false)).Within(0.000_000_002m));
            Assert.That(study.Spent(minutes: true), Is.GreaterThanOrEqualTo(study.Billed - study.BilledWithoutMinutes), "minutes count from the creating call on");
            Assert.That(study.Billed, Is.LessThanOrEqualTo(5));
        }

        TestContext.Out.WriteLine($"{serving}: planned {study.Planned}, billed {study.Billed}, of it for minutes {study.Billed - study.BilledWithoutMinutes}; the ledger says {study.Spent(false)} and {study.Spent(true)}");
    }

    [Test]
    public void Nothing_is_bought_without_a_budget_half_of_one_is_kept_to_and_a_larger_one_finishes()
    {
        using var study = PaidStudy.Start("name");
        var planned = study.Run();
        Assert.That(planned.ExitCode, Is.EqualTo(2), planned.ToString());
        Assert.That(planned.ErrorLines, Has.Length.EqualTo(1), planned.ToString());
        Assert.That(planned.Error, Does.Contain("--budget"));
        Assert.That(study.Sandbox.Ledger().Where(e => (decimal?)e["billed_usd"] > 0 || (string?)e["method"] == "POST"), Is.Empty, "nothing was asked");
        var half = decimal.Round(study.Planned / 2, 4);

        var stopped = study.Run(FormattableString.Invariant($"--budget={half}"));

        Assert.That(stopped.ExitCode, Is.EqualTo(1), stopped.ToString());
        Assert.That(stopped.ErrorLines, Has.Length.EqualTo(1), stopped.ToString());
        Assert.That(stopped.Error, Does.Contain("is reached").And.Contain("larger --budget").And.Contain("the plan expects"));
        var billed = study.Billed;
        Assert.That(billed, Is.LessThanOrEqualTo(half).And.GreaterThan(half * 0.5m), "it is used as far as it goes");
        var finished = study.Run("--budget=5");

        Assert.That(finished.ExitCode, Is.Zero, finished.ToString());
        Assert.That(study.Figures, Is.EqualTo(Reference.Figures));
        Assert.That(study.Answers, Is.Unique, "no call was answered twice");
        Assert.That(study.Sandbox.Jobs, Has.Count.EqualTo(2));
        TestContext.Out.WriteLine($"planned {half * 2}, a budget of {half} stopped at {billed}, finished at {study.Billed}");
    }

    [TestCase("--judge=sandbox/jugde", "--judge", "did you mean sandbox/judge")]
    [TestCase("--judges=sandbox/judge,sandbox/jugde", "--judges", "did you mean sandbox/judge")]
    [TestCase("--finetune-model=sandbox/smal", "--finetune-model", "did you mean sandbox/small")]
    public void A_wrong_model_is_told_before_anything_is_bought(string wrong, string option, string hint)
    {
        using var study = PaidStudy.Start("v2");

        var run = study.Run(wrong, "--budget=5");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain(option).And.Contain(hint));
        Assert.That(study.Billed, Is.Zero);
    }

    [Test]
    public void On_the_sandbox_too_a_judge_that_nobody_knows_is_told_before_anything_is_asked()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study", "--judge=sandbox/jugde");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain("--judge").And.Contain("sandbox/jugde").And.Contain("did you mean sandbox/judge"));
        Assert.That(run.Executed, Is.EqualTo(new[] { "Filter", "Split" }));
        Assert.That(File.ReadAllText(checkout[".cfx/sandbox/ledger.jsonl"]), Does.Not.Contain("\"POST\""));
    }
}
