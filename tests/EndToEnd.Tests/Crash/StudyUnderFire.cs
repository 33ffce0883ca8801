using System.Globalization;

namespace EndToEnd.Tests.Crash;

/// <summary>The small study in a checkout of its own, against a sandbox in another process, with a proxy between them that can end the program.</summary>
internal sealed class StudyUnderFire : IAsyncDisposable
{
    /// <summary>At most as many calls are in flight when a run is killed.</summary>
    public const int Concurrency = 4;

    private const int Killed = 128 + 9;

    private static readonly string Switch = Path.Combine(AppContext.BaseDirectory, "KillSwitch.dll");

    private StudyUnderFire(Checkout checkout, SandboxProcess sandbox, FaultProxy proxy) =>
        (Checkout, Sandbox, Proxy) = (checkout, sandbox, proxy);

    public Checkout Checkout { get; }

    public SandboxProcess Sandbox { get; }

    public FaultProxy Proxy { get; }

    /// <summary>How many runs were killed so far.</summary>
    public int Kills { get; private set; }

    /// <param name="checkout">Taken over; null for a fresh one.</param>
    public static async Task<StudyUnderFire> StartAsync(Checkout? checkout = null)
    {
        checkout ??= OneTime.Baseline.CloneUnmade();
        var sandbox = new SandboxProcess(checkout);
        return new StudyUnderFire(checkout, sandbox, await FaultProxy.StartAsync(sandbox.Server));
    }

    /// <summary>Runs the study up to an instant, at which it dies.</summary>
    public async Task KillAtAsync(KillInstant instant)
    {
        var run = await RunAsync(instant.At, instant.Rules);
        Assert.That(run.ExitCode, Is.EqualTo(Killed), $"{instant} was not reached: {run}");
        Assert.That(Proxy.RulesLeft, Is.Zero, $"{instant} was not reached: {run}");
    }

    /// <summary>Runs the study to its end, if no rule or switch ends it.</summary>
    /// <param name="killAt">What the switch in the program is told; empty for no kill.</param>
    /// <param name="rules">What happens to its requests.</param>
    public async Task<Run> RunAsync(string killAt, params IEnumerable<ProxyRule> rules)
    {
        File.Delete(WritesFile);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_STARTUP_HOOKS"] = Switch,
            ["KILL_SWITCH_AT"] = killAt,
            ["KILL_SWITCH_LOG"] = WritesFile,
        };
        var concurrency = Concurrency.ToString(CultureInfo.InvariantCulture);
        var run = Checkout.RunProcess(Proxy.Begin(
            () => Checkout.Start(
                environment, "--target=Study", "--provider=sandbox", $"--base-url={Proxy.BaseUrl}", $"--process-max-concurrency={concurrency}",
                $"--respond-max-concurrency={concurrency}", $"--evaluate-max-concurrency={concurrency}"),
            rules));
        await Proxy.IdleAsync();
        Kills += run.ExitCode == Killed ? 1 : 0;
        return run;
    }

    /// <summary>The durable writes of the last run: "Before" or "After", and the path in the checkout.</summary>
    public IReadOnlyList<(string Side, string Path)> Writes =>
        !File.Exists(WritesFile) ? [] : [.. File.ReadLines(WritesFile).Select(l => l.Split('\t')).Select(p => (p[0], Path.GetRelativePath(Checkout.Root, p[2])))];

    private string WritesFile => Checkout["writes.log"];

    /// <summary>Lets the study finish, and asserts that neither a result nor a job nor an answer tells of what happened before.</summary>
    public async Task AssertFinishesAsIfUndisturbedAsync()
    {
        var run = await RunAsync(string.Empty);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Analysis.Of(Checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
            Assert.That(Checkout.Snapshot().Keys, Is.EqualTo(OneTime.Baseline.Snapshot().Keys), "no file is missing and none is left over");
            Assert.That(Sandbox.Jobs, Has.Count.EqualTo(2), "one job an arm");
            Assert.That(Sandbox.Answered("POST").Count(e => e.Route == "/fine-tunes"), Is.EqualTo(2), "the ledger knows of two jobs");
        }

        AssertNoAnswerWasMadeTwiceButInFlight();
        var again = await RunAsync(string.Empty);
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
        TestContext.Out.WriteLine($"{Kills} kills; {answered.Count} answers to {distinct} questions; asked again after a kill: {answered.Count - distinct}, at most {inFlight.Values.DefaultIfEmpty().Max()} a kill");
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        Sandbox.Dispose();
        Checkout.Dispose();
    }
}
