using System.Globalization;

namespace EndToEnd.Tests.Crash;

/// <summary>The small study in a checkout of its own, against a sandbox in another process, with a proxy between them that can end the program.</summary>
internal sealed class StudyUnderFire : IAsyncDisposable
{
    /// <summary>At most as many calls are in flight when a run is killed.</summary>
    public const int Concurrency = 4;

    private StudyUnderFire(Checkout checkout, SandboxProcess sandbox, FaultProxy proxy)
    {
        (Checkout, Sandbox, Proxy) = (checkout, sandbox, proxy);
        var concurrency = Concurrency.ToString(CultureInfo.InvariantCulture);
        Runs = new RunsUnderFire(checkout, proxy, environment => checkout.Start(
            environment, "--target=Study", "--provider=sandbox", $"--base-url={proxy.BaseUrl}", $"--process-max-concurrency={concurrency}",
            $"--respond-max-concurrency={concurrency}", $"--evaluate-max-concurrency={concurrency}"));
    }

    public Checkout Checkout { get; }

    public SandboxProcess Sandbox { get; }

    public FaultProxy Proxy { get; }

    public RunsUnderFire Runs { get; }

    /// <param name="checkout">Taken over; null for a fresh one.</param>
    public static async Task<StudyUnderFire> StartAsync(Checkout? checkout = null)
    {
        checkout ??= OneTime.Baseline.CloneUnmade();
        var sandbox = new SandboxProcess(checkout);
        return new StudyUnderFire(checkout, sandbox, await FaultProxy.StartAsync(sandbox.Server));
    }

    /// <summary>Lets the study finish, and asserts that neither a result nor a job nor an answer tells of what happened before.</summary>
    public async Task AssertFinishesAsIfUndisturbedAsync()
    {
        var run = await Runs.RunAsync(string.Empty);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Analysis.Of(Checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
            Assert.That(Checkout.Snapshot().Keys, Is.EqualTo(OneTime.Baseline.Snapshot().Keys), "no file is missing and none is left over");
            Assert.That(Sandbox.Jobs, Has.Count.EqualTo(2), "one job an arm");
            Assert.That(Sandbox.Answered("POST").Count(e => e.Route == "/fine-tunes"), Is.EqualTo(2), "the ledger knows of two jobs");
        }

        AssertNoAnswerWasMadeTwiceButInFlight();
        var again = await Runs.RunAsync(string.Empty);
        Assert.That(again.Executed, Is.Empty, again.ToString());
    }

    // Every question is asked once a run at most, and asked again only if its run was killed while it was in flight.
    private void AssertNoAnswerWasMadeTwiceButInFlight()
    {
        var answered = Sandbox.Answered("POST").Where(e => e.Route == "/chat/completions").Select(e => e.Hash).ToList();
        var asked = Proxy.Questions;
        Assert.That(answered.Order(StringComparer.Ordinal), Is.EqualTo(asked.Select(q => q.Hash).Order(StringComparer.Ordinal)), "the ledger has what the proxy passed on");
        var distinct = answered.Distinct(StringComparer.Ordinal).Count();
        Assert.That(StoreFile.Answers(Checkout), Is.EqualTo(distinct), "every question is stored once");
        Assert.That(asked.GroupBy(q => q).Where(g => g.Count() > 1), Is.Empty, "no question was asked twice in a run");
        var last = asked.GroupBy(q => q.Hash, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Max(q => q.Run), StringComparer.Ordinal);
        var inFlight = asked.Where(q => q.Run < last[q.Hash]).GroupBy(q => q.Run).ToDictionary(g => g.Key, g => g.Count());
        Assert.That(inFlight.Values, Is.All.LessThanOrEqualTo(Concurrency), "only what was in flight at a kill was asked again");
        TestContext.Out.WriteLine($"{Runs.Kills} kills; {answered.Count} answers to {distinct} questions; asked again after a kill: {answered.Count - distinct}, at most {inFlight.Values.DefaultIfEmpty().Max()} a kill");
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        Sandbox.Dispose();
        Checkout.Dispose();
    }
}
