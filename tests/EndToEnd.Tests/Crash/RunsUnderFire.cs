using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests.Crash;

/// <summary>Runs of one study, each of which may be ended with SIGKILL at a durable write or at a request.</summary>
/// <param name="checkout">Where the study is.</param>
/// <param name="proxy">Stands before its provider.</param>
/// <param name="start">Starts the study with further environment variables.</param>
internal sealed class RunsUnderFire(Checkout checkout, FaultProxy proxy, Func<Dictionary<string, string>, Process> start)
{
    private const int Killed = 128 + 9;
    private const string Store = ".cfx/responses.db";

    private static readonly string Switch = Path.Combine(AppContext.BaseDirectory, "KillSwitch.dll");

    /// <summary>How many runs were killed so far.</summary>
    public int Kills { get; private set; }

    private string KindsFile => checkout["kinds.log"];

    /// <summary>Runs the study up to an instant, at which it dies.</summary>
    public async Task KillAtAsync(KillInstant instant)
    {
        var run = await RunAsync(instant.At, instant.Rules);
        Assert.That(run.ExitCode, Is.EqualTo(Killed), $"{instant} was not reached: {run}");
        Assert.That(proxy.RulesLeft, Is.Zero, $"{instant} was not reached: {run}");
    }

    /// <summary>Runs the study again and again until a run comes to its end. Each dies at its first write of a file at which none has died yet, or at its
    /// second commit to the store, right before or right after it.</summary>
    /// <returns>Where the runs died: side, path in the checkout, and the state that a record then has.</returns>
    public async Task<IReadOnlyList<(string Side, string Path, string State)>> KillEverywhereAsync()
    {
        var reached = new List<(string Side, string Path, string State)>();
        while (true)
        {
            // A run's first commit only notes that it has begun; dying after one, not before it, is what gets the study on.
            var side = reached.Count(r => r.Path == Store) % 2 == 0 ? "Before" : "After";
            var run = await StartAsync(new() { ["KILL_SWITCH_AT"] = $"{side}:2:{Store}", ["KILL_SWITCH_KINDS"] = KindsFile }, []);
            if (run.ExitCode == 0)
            {
                return reached;
            }

            Assert.That(run.ExitCode, Is.EqualTo(Killed), run.ToString());
            var kinds = File.ReadLines(KindsFile).ToList();
            reached.Add(kinds.Count == reached.Count(r => r.Path != Store) ? (side, Store, "") : Parts(kinds[^1]));
        }
    }

    /// <summary>Runs the study to its end, if no rule or switch ends it.</summary>
    /// <param name="killAt">What the switch in the program is told; empty for no kill.</param>
    /// <param name="rules">What happens to its requests.</param>
    public Task<Run> RunAsync(string killAt, params IEnumerable<ProxyRule> rules) => StartAsync(new() { ["KILL_SWITCH_AT"] = killAt }, rules);

    /// <summary>Tells where runs died, and asserts that they did on both sides of a write of each of some files.</summary>
    public static void AssertReached(IReadOnlyList<(string Side, string Path, string State)> reached, params string[] files)
    {
        foreach (var group in reached.GroupBy(r => r.Path, StringComparer.Ordinal))
        {
            var states = group.Select(g => g.State).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal);
            TestContext.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Count(g => g.Side == "Before"),4} before {group.Count(g => g.Side == "After"),4} after  {group.Key}  {string.Join(", ", states)}"));
        }

        TestContext.Out.WriteLine($"{reached.Count} kills");
        foreach (var file in files)
        {
            Assert.That(reached.Where(r => r.Path.Contains(file, StringComparison.Ordinal)).Select(r => r.Side).Distinct(StringComparer.Ordinal), Is.EquivalentTo(new[] { "Before", "After" }), file);
        }
    }

    private async Task<Run> StartAsync(Dictionary<string, string> environment, IEnumerable<ProxyRule> rules)
    {
        environment["DOTNET_STARTUP_HOOKS"] = Switch;
        var run = Checkout.RunProcess(proxy.Begin(() => start(environment), rules));
        await proxy.IdleAsync();
        Kills += run.ExitCode == Killed ? 1 : 0;
        return run;
    }

    private (string Side, string Path, string State) Parts(string kind) =>
        kind.Split('\t') is [var side, var path, var state] ? (side, Path.GetRelativePath(checkout.Root, path), state) : throw new InvalidDataException(kind);
}
