using Cfx.Build.Host;
using EndToEnd.Tests.Crash;

namespace EndToEnd.Tests.Paid;

/// <summary>Paid runs that are stopped, killed, or lose replies while something runs by the minute.</summary>
public sealed class PaidInterruptionTests
{
    [TestCase("v2", false)]
    [TestCase("v2", true)]
    public void Told_to_stop_or_left_by_its_terminal_while_models_are_served_a_study_stops_them_and_the_next_run_finishes(string serving, bool byTerminal)
    {
        if (byTerminal && HangUp.IsIgnored())
        {
            Assert.Ignore("These tests run under nohup or the like, so that what they start ignores SIGHUP too.");
        }

        using var study = PaidStudy.Start(serving, "--latency=40");
        using (var run = new LiveRun(study.Begin("--budget=5", "--respond-max-concurrency=1")))
        {
            run.ReadTo("sandbox/small: served as");
            (byTerminal ? (Action)run.HangUp : run.Terminate)();
            var stopped = run.Finish();
            Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.ToString());
        }

        Assert.That(study.Served, Is.EqualTo((1, 1)), "what was started is stopped");
        var finished = study.Run("--budget=5");

        Assert.That(finished.ExitCode, Is.Zero, finished.ToString());
        Assert.That(study.Figures, Is.EqualTo(PaidOneTime.Reference.Figures));
        Assert.That(study.Served.Stopped, Is.EqualTo(study.Served.Started));
        Assert.That(study.Answers, Is.Unique);
    }

    [TestCase("v2", "cfx-rehearsal-", "/batches", "/fine-tunes", "/projects/*/endpoints", "/projects/*/endpoints/*/deployments")]
    [TestCase("v1", "\"model\":\"sandbox-user/sandbox/small", "/endpoints")]
    public async Task Killed_on_both_sides_of_each_paid_request_or_without_its_reply_a_study_has_bought_each_thing_once(
        string serving, string served, params string[] paid)
    {
        await using var fire = await PaidStudyUnderFire.StartAsync(serving, "--mode=batch");
        var study = fire.Study;
        foreach (var path in paid)
        {
            await KillAsync(new ProxyRule("POST", path, ProxyAction.KillBeforeForwarding));
            await KillAsync(new ProxyRule("POST", path, ProxyAction.KillBeforeReply));
        }

        // The next run takes over what was made, and dies while it is asked.
        await KillAsync(new ProxyRule("POST", "/chat/completions", ProxyAction.KillBeforeReply, Body: served, Number: 3));
        Assert.That(study.Served, Is.EqualTo((1, 0)), "it was taken over, and runs on after the kill");
        var listed = await fire.TargetAsync("Serving");
        Assert.That(listed.Output, Does.Contain("1 of this project run"), listed.ToString());
        var swept = await fire.TargetAsync("Serving", "--stop-all");
        Assert.That(swept.ExitCode, Is.Zero, swept.ToString());
        Assert.That(study.Served, Is.EqualTo((1, 1)));
        study.AssertKeyIsNowhere(listed, swept);

        await fire.AssertFinishesAsIfUndisturbedAsync([
            .. paid.Where(p => p is not ("/batches" or "/fine-tunes")).Append("/batches").Select(p => new ProxyRule("POST", p, ProxyAction.DropReply))]);

        Task KillAsync(ProxyRule rule) => fire.Runs.KillAtAsync(KillInstant.AtRequest(rule));
    }
}
