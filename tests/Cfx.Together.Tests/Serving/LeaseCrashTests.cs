using Cfx.Together.Serving;

namespace Cfx.Together.Tests.Serving;

/// <summary>Processes that die at each durable write of a lease, from the first call to the end, and the run after them.</summary>
[TestFixture]
public sealed class LeaseCrashTests : ServingFixture
{
    // More than a lease has; the last ones show that nothing was left out.
    private const int MostWrites = 9;

    [Test]
    public async Task A_crash_at_any_write_leaves_one_endpoint_that_the_next_run_ends([Range(1, MostWrites)] int write, [Values] bool afterwards)
    {
        Provider.WithV1();
        await CrashAsync(write, afterwards);
        var isMade = Provider.Made;
        await using (var next = Run())
        {
            var answer = await AskAsync(Asked(next), "me/tuned");
            Assert.That(Provider.Running, Is.EqualTo(1), answer);
        }

        Assert.That(Provider.Running, Is.Zero);
        Assert.That(Provider.Made, Is.LessThanOrEqualTo(isMade + 1), "what ran was taken over, what was removed was made again");
        Assert.That(Budget.Total, Is.LessThanOrEqualTo(6m), "two leases at most");
        Assert.That((await Records.ListAsync(CancellationToken.None)).Select(r => (r.State, r.Settled)), Is.EqualTo(new[] { (ServingState.Stopped, true) }));
    }

    [Test]
    public async Task A_crash_before_the_end_never_makes_a_second_one([Range(1, 4)] int write, [Values] bool afterwards)
    {
        Provider.WithV1();
        await CrashAsync(write, afterwards);
        await using var next = Run();
        await AskAsync(Asked(next), "me/tuned");
        Assert.That((Provider.Made, Provider.Running), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_crash_at_any_write_leaves_one_deployment([Range(1, MostWrites)] int write, [Values] bool afterwards)
    {
        Provider.WithV2();
        await CrashAsync(write, afterwards);
        await using (var next = Run())
        {
            await AskAsync(Asked(next), "me/tuned");
            Assert.That(Provider.Running, Is.EqualTo(1));
        }

        Assert.That((Provider.Made, Provider.Routed.Count, Provider.Running), Is.EqualTo((1, 1, 0)), "stopped, it stays and is started again");
    }

    [Test]
    public async Task A_run_that_wants_other_models_stops_what_a_killed_one_left()
    {
        Provider.WithV1();
        await CrashAsync(4, afterwards: true);
        Assert.That(Provider.Running, Is.EqualTo(1));
        Contestants = ["org/base", "me/tuned-again"];
        await using var next = Run();
        await AskAsync(Asked(next), "org/base");
        Assert.That(Provider.Endpoints.Select(e => (string?)e["model"]), Is.EqualTo(new[] { "org/base" }));
        Assert.That((await Records.ReadAsync(Name("me/tuned"), CancellationToken.None))!.State, Is.EqualTo(ServingState.Stopped));
    }

    [Test]
    public async Task An_endpoint_of_another_machine_is_taken_over()
    {
        Provider.WithV1();
        await CrashAsync(4, afterwards: true);
        Directory.Delete(Folder["serving"], recursive: true);
        Time.Advance(TimeSpan.FromMinutes(7));
        await using (var next = Run())
        {
            await AskAsync(Asked(next), "me/tuned");
        }

        Assert.That((Provider.Made, Provider.Running), Is.EqualTo((1, 0)));
    }

    private async Task CrashAsync(int write, bool afterwards)
    {
        var records = new CrashingRecords(Records, write, afterwards);
        var dead = Run(records: records);
        try
        {
            await AskAsync(Asked(dead), "me/tuned");
            await dead.StopAsync("me/tuned", CancellationToken.None);
        }
        catch (CrashException)
        {
        }

        Assert.That(records.HasCrashed, Is.EqualTo(write < MostWrites - 1), "a lease has this many writes");
    }
}
