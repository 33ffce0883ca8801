using EndToEnd.Tests.Crash;

namespace EndToEnd.Tests.Paid;

/// <summary>The paid study with a proxy before its provider that can end the program.</summary>
internal sealed class PaidStudyUnderFire : IAsyncDisposable
{
    /// <summary>At most as many calls of a stage are in flight when a run is killed.</summary>
    private const int Concurrency = 4;

    // What a killed run had under way counts as spent, and there are hundreds of kills.
    private static readonly string[] Usual =
    [
        "--budget=500",
        FormattableString.Invariant($"--process-max-concurrency={Concurrency}"),
        FormattableString.Invariant($"--respond-max-concurrency={Concurrency}"),
        FormattableString.Invariant($"--evaluate-max-concurrency={Concurrency}"),
    ];

    private PaidStudyUnderFire(PaidStudy study, FaultProxy proxy, string[] options)
    {
        (Study, Proxy) = (study, proxy);
        study.Through = proxy.BaseUrl;
        Runs = new RunsUnderFire(study.Checkout, proxy, environment => study.Begin(environment, [.. Usual, .. options]));
    }

    public PaidStudy Study { get; }

    public FaultProxy Proxy { get; }

    public RunsUnderFire Runs { get; }

    /// <param name="serving">How tuned models can be asked: name, v2 or v1.</param>
    /// <param name="options">Further options of the study.</param>
    public static async Task<PaidStudyUnderFire> StartAsync(string serving, params string[] options)
    {
        var study = PaidStudy.Start(serving);
        return new PaidStudyUnderFire(study, await FaultProxy.StartAsync(study.Sandbox.Server), options);
    }

    /// <summary>Runs another target of the study.</summary>
    public async Task<Run> TargetAsync(string target, params string[] options)
    {
        var run = Checkout.RunProcess(Proxy.Begin(() => Study.BeginTarget(target, options)));
        await Proxy.IdleAsync();
        return run;
    }

    /// <summary>Lets the study finish, and asserts that it ends with the figures of an undisturbed one, has bought each job and batch once, leaves nothing
    /// running, and counted at least what was billed.</summary>
    /// <param name="rules">What happens to the requests of the last run.</param>
    public async Task AssertFinishesAsIfUndisturbedAsync(params ProxyRule[] rules)
    {
        var run = await Runs.RunAsync(string.Empty, rules);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Proxy.RulesLeft, Is.Zero, "every rule struck");
        var repeated = Study.Answers.Count - Study.Answers.Distinct(StringComparer.Ordinal).Count();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Study.Figures, Is.EqualTo(PaidOneTime.Reference.Figures));
            Assert.That(Study.Sandbox.Jobs, Has.Count.EqualTo(2), "one job an arm");
            Assert.That(Study.Batches, Is.Unique, "no batch was made twice");
            Assert.That(Study.BatchedModels, Has.None.EqualTo("sandbox/small"), "the untuned model is asked where the tuned ones are");
            Assert.That(Study.Served.Stopped, Is.EqualTo(Study.Served.Started), "nothing runs on");
            Assert.That(repeated, Is.LessThanOrEqualTo(Concurrency * Runs.Kills), "only what was in flight at a kill was asked again");
            Assert.That(Study.Counted, Is.GreaterThanOrEqualTo(Study.Billed - 0.000_000_2m), "no more was billed than was held against the budget");
        }

        Study.AssertKeyIsNowhere(run);
        Assert.That((await Runs.RunAsync(string.Empty)).Executed, Is.Empty);
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"{Runs.Kills} kills; {repeated} of {Study.Answers.Count} answers were given again; served {Study.Served}; billed {Study.Billed}, by the ledger {Study.Spent(false) + Study.Spent(true)}, counted {Study.Counted}"));
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        Study.Dispose();
    }
}
