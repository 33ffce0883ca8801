namespace EndToEnd.Tests;

/// <summary>A service that fails now and then.</summary>
public sealed class FaultTests
{
    // What is forbidden is not asked for again by the client, so that the rounds of the stage are met at once.
    private const string RefusingTwoInFive = "--sandbox-fault=POST /chat/completions 40% forbidden";

    [Test]
    public void A_study_whose_every_fifth_reply_is_faulty_loses_nothing()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study", "--sandbox-fault-rate=0.2");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output + run.Error, Does.Contain("again in"), "faults were met");
        Assert.That(Analysis.Of(checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
        Assert.That(Directory.GetFiles(checkout[".cfx/sandbox/jobs"]), Has.Length.EqualTo(2));
        var again = checkout.Build("--target=Study");
        Assert.That(again.Executed, Is.Empty, again.ToString());
    }

    [Test]
    public void Nothing_is_trained_before_every_item_has_its_reply()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study", RefusingTwoInFive);

        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.ToString());
        Assert.That(run.Error, Does.Contain("got no usable reply in 3 rounds").And.Contain("--allow-missing"));
        Assert.That(Directory.Exists(checkout[".cfx/sandbox/jobs"]) && Directory.EnumerateFiles(checkout[".cfx/sandbox/jobs"]).Any(), Is.False, "no job was created");
        var finished = checkout.Build("--target=Study");
        Assert.That(finished.ExitCode, Is.Zero, finished.ToString());
        Assert.That(Analysis.Of(checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
        Assert.That(Directory.GetFiles(checkout[".cfx/sandbox/jobs"], "*.json"), Has.Length.EqualTo(2));
    }

    [Test]
    public void Items_without_a_reply_are_left_out_for_good_when_that_is_allowed()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Process-Feedback", "--allow-missing", RefusingTwoInFive);

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output, Does.Contain("are left out (--allow-missing)"));
        Assert.That(checkout.Lines("data/study-sandbox/feedback.jsonl").Select(r => (string)r["status"]!), Has.Some.EqualTo("failed"));
        Assert.That(checkout.Build("--target=Process-Feedback").Executed, Is.Empty);
    }
}
