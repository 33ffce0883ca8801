using System.Diagnostics;
using EndToEnd.Tests.Crash;

namespace EndToEnd.Tests.Paid;

/// <summary>Paid runs that are stopped, killed, or lose replies while something runs by the minute.</summary>
public sealed class PaidInterruptionTests
{
    private const int Killed = 128 + 9;

    private static readonly string[] Options = ["--budget=5", "--mode=batch", "--respond-max-concurrency=4"];

    [TestCase("v2")]
    public void Told_to_stop_while_models_are_served_a_study_stops_them_and_the_next_run_finishes(string serving)
    {
        using var study = PaidStudy.Start(serving, "--latency=40");
        using (var run = new LiveRun(study.Begin("--budget=5", "--respond-max-concurrency=1")))
        {
            run.ReadTo("sandbox/small: served as");
            run.Terminate();
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

    [TestCase("v2", "/projects/*/endpoints/*/deployments", "cfx-rehearsal-", "/batches", "/fine-tunes")]
    [TestCase("v1", "/endpoints", "\"model\":\"sandbox-user/sandbox/small")]
    [TestCase("v2", "/projects/*/endpoints", "cfx-rehearsal-", Explicit = true, Reason = "An endpoint without a deployment is given a minute to get one")]
    public async Task Killed_behind_a_paid_request_or_without_its_reply_a_study_has_bought_each_thing_once(
        string serving, string creating, string served, params string[] paid)
    {
        using var study = PaidStudy.Start(serving);
        await using var proxy = await FaultProxy.StartAsync(study.Sandbox.Server);
        study.Through = proxy.BaseUrl;
        foreach (var path in paid.Append(creating))
        {
            await KillAsync(new ProxyRule("POST", path, ProxyAction.KillBeforeReply));
        }

        // The next run takes over what was made, and dies while it is asked.
        await KillAsync(new ProxyRule("POST", "/chat/completions", ProxyAction.KillBeforeReply, Body: served, Number: 3));
        Assert.That(study.Served, Is.EqualTo((1, 0)), "it was taken over, and runs on after the kill");
        var listed = await TargetAsync("Serving");
        Assert.That(listed.Output, Does.Contain("1 of this project run"), listed.ToString());
        var swept = await TargetAsync("Serving", "--stop-all");
        Assert.That(swept.ExitCode, Is.Zero, swept.ToString());
        Assert.That(study.Served, Is.EqualTo((1, 1)));

        var run = await RunAsync(new ProxyRule("POST", creating, ProxyAction.DropReply), new ProxyRule("POST", "/batches", ProxyAction.DropReply));

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(proxy.RulesLeft, Is.Zero, "each kind of reply was lost");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(study.Figures, Is.EqualTo(PaidOneTime.Reference.Figures));
            Assert.That(study.Sandbox.Jobs, Has.Count.EqualTo(2));
            Assert.That(study.Batches, Is.Unique, "no batch was made twice");
            Assert.That(study.BatchedModels, Has.None.EqualTo("sandbox/small"), "the untuned model is asked where the tuned ones are");
            Assert.That(study.Served.Stopped, Is.EqualTo(study.Served.Started));
            Assert.That(study.Billed, Is.LessThanOrEqualTo(5));
        }

        study.AssertKeyIsNowhere(run, listed, swept);
        Assert.That((await RunAsync()).Executed, Is.Empty);
        TestContext.Out.WriteLine($"{serving}: served {study.Served}, billed {study.Billed}, by the ledger {study.Spent(false) + study.Spent(true)}");

        async Task KillAsync(ProxyRule rule)
        {
            var killed = await RunAsync(rule);
            Assert.That(killed.ExitCode, Is.EqualTo(Killed), $"{rule} was not reached: {killed}");
        }

        Task<Run> RunAsync(params ProxyRule[] rules) => EndAsync(proxy.Begin(() => study.Begin(Options), rules));

        Task<Run> TargetAsync(string target, params string[] options) => EndAsync(proxy.Begin(() => study.BeginTarget(target, options)));

        async Task<Run> EndAsync(Process process)
        {
            var ended = Checkout.RunProcess(process);
            await proxy.IdleAsync();
            return ended;
        }
    }
}
