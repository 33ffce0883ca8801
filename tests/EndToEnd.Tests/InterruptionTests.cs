namespace EndToEnd.Tests;

/// <summary>Runs that meet each other, are killed, or are told to stop.</summary>
public sealed class InterruptionTests
{
    private Checkout _checkout = null!;

    [SetUp]
    public void A_checkout_with_nothing_made() => _checkout = OneTime.Baseline.CloneUnmade();

    [TearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void A_second_run_in_the_same_folder_stops_with_a_clear_message()
    {
        using var first = new LiveRun(_checkout, "--target=Study", "--sandbox-latency=60000");
        first.ReadTo("Process-Feedback");

        var second = _checkout.Build("--target=Study");

        Assert.That(second.ExitCode, Is.EqualTo(1), second.ToString());
        Assert.That(second.ErrorLines, Has.Length.EqualTo(1), second.ToString());
        Assert.That(second.Error, Does.Contain("Another run").And.Contain("is working in this folder").And.Contain("Wait until it has ended"));
        Assert.That(second.Executed, Is.Empty);

        var clean = _checkout.Build("--target=Clean");
        Assert.That(clean.ExitCode, Is.EqualTo(1), clean.ToString());
        Assert.That(_checkout["data/study-sandbox/split.jsonl"], Does.Exist);

        first.Kill();
        first.Finish();
        var third = _checkout.Build("--target=Split");
        Assert.That(third.ExitCode, Is.Zero, third.ToString());
    }

    [TestCase(" of 60 answers", TestName = "A_study_killed_while_it_processes_loses_nothing")]
    [TestCase("Uploaded feedback_training.jsonl", TestName = "A_study_killed_while_it_uploads_loses_nothing")]
    [TestCase("feedback: created job", TestName = "A_study_killed_while_a_job_trains_loses_nothing")]
    [TestCase("FineTune-Alternative", TestName = "A_study_killed_between_two_jobs_loses_nothing")]
    [TestCase("base: 20 of 20 answers", TestName = "A_study_killed_while_it_draws_answers_loses_nothing")]
    [TestCase("Evaluate-Base-Vs-Alternative", TestName = "A_study_killed_while_it_judges_loses_nothing")]
    public void A_killed_study_goes_on(string reached)
    {
        using (var run = new LiveRun(_checkout, "--target=Study", "--sandbox-latency=30"))
        {
            run.ReadTo(reached);
            run.Kill();
            Assert.That(run.Finish().ExitCode, Is.EqualTo(137));
        }

        AssertGoesOn();
    }

    [Test]
    public void A_study_told_to_stop_says_so_and_goes_on_at_the_next_run()
    {
        using (var run = new LiveRun(_checkout, "--target=Study", "--sandbox-latency=200"))
        {
            run.ReadTo(" of 60 answers");
            run.Terminate();
            var stopped = run.Finish();
            Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.ToString());
            Assert.That(stopped.Statuses["Process-Feedback"], Is.EqualTo("Stopped"), stopped.ToString());
            Assert.That(stopped.Output + stopped.Error, Does.Not.Contain("   at "));
        }

        AssertGoesOn();
    }

    [Test]
    public void Stopping_while_a_job_trains_leaves_the_job_to_the_next_run()
    {
        using (var run = new LiveRun(_checkout, "--target=Study", "--sandbox-latency=100"))
        {
            run.ReadTo("feedback: created job");
            run.Terminate();
            Assert.That(run.Finish().ExitCode, Is.EqualTo(130));
        }

        AssertGoesOn();
    }

    private void AssertGoesOn()
    {
        var run = _checkout.Build("--target=Study");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Analysis.Of(_checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
        Assert.That(Directory.GetFiles(_checkout[".cfx/sandbox/jobs"]).Select(Path.GetFileName), Is.EquivalentTo(Directory.GetFiles(OneTime.Baseline[".cfx/sandbox/jobs"]).Select(Path.GetFileName)));
        Assert.That(_checkout.Snapshot().Keys, Is.EqualTo(OneTime.Baseline.Snapshot().Keys), "no file is missing and none is left over");
    }
}
