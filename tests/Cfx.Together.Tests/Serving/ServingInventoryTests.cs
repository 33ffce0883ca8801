namespace Cfx.Together.Tests.Serving;

[TestFixture]
public sealed class ServingInventoryTests : ServingFixture
{
    private static readonly Received Strangers = new(FakeProvider.CreateEndpoint, "", """{"display_name":"theirs","model":"x/y","hardware":"1x_h100"}""", [], new Dictionary<string, string>());

    [Test]
    public async Task Ours_is_listed_with_age_price_and_cost_and_stopping_all_leaves_others_alone()
    {
        Provider.WithV1();
        Provider.MakeEndpoint(Strangers);
        var killed = Run();
        await AskAsync(Asked(killed), "me/tuned");
        Time.Advance(TimeSpan.FromMinutes(30));

        await using var serving = Run();
        var listed = await serving.Inventory.ListAsync(CancellationToken.None);
        Assert.That(listed.Select(s => (s.Name, s.IsOurs, s.MayRun)), Is.EqualTo(new[] { (Name("me/tuned"), true, true), ("theirs", false, true) }));
        Assert.That(listed[0].PricePerHour, Is.EqualTo(6m));
        Assert.That(listed[0].Cost, Is.EqualTo(3m).Within(0.1m));
        Assert.That(Time.GetUtcNow() - listed[0].Since, Is.EqualTo(TimeSpan.FromMinutes(30)).Within(TimeSpan.FromMinutes(1)));

        var (stopped, faults) = await serving.Inventory.StopAllAsync(CancellationToken.None);
        Assert.That((stopped.Single(), faults.Count), Is.EqualTo((Name("me/tuned"), 0)));
        Assert.That(Provider.Endpoints.Select(e => (string?)e["display_name"]), Is.EqualTo(new[] { "theirs" }));
        Assert.That((await serving.Inventory.StopAllAsync(CancellationToken.None)).Stopped, Is.Empty);
    }

    [Test]
    public async Task What_cannot_be_read_is_left_out_of_the_list_with_a_warning()
    {
        Provider.WithV1();
        Provider.MakeEndpoint(Strangers);
        Server.Once("GET /v1/endpoints", Answer.Ok("""{"data":[{"type":"dedicated"},{"id":"endpoint-1","type":"dedicated"}]}"""));
        await using var serving = Run();
        Assert.That((await serving.Inventory.ListAsync(CancellationToken.None)).Select(s => s.Name), Is.EqualTo(new[] { "theirs" }));
        Assert.That(Logger.Lines, Has.Some.Contains("1 of 2"));
    }

    [Test]
    public async Task What_cannot_be_stopped_is_told()
    {
        Provider.WithV1();
        var killed = Run();
        await AskAsync(Asked(killed), "me/tuned");
        Server.Always("PATCH /v1/endpoints/endpoint-1", Answer.Error(403)).Always("DELETE /v1/endpoints/endpoint-1", Answer.Error(403));
        await using var serving = Run();
        var (stopped, faults) = await serving.Inventory.StopAllAsync(CancellationToken.None);
        Assert.That((stopped.Count, faults.Count), Is.EqualTo((0, 1)));
        Assert.That(faults[0], Does.Contain(Name("me/tuned")).And.Contain("6 USD an hour"));
    }

    [Test]
    public async Task What_bears_a_name_of_the_study_is_stopped_even_without_a_record()
    {
        Provider.WithV1();
        var killed = Run();
        await AskAsync(Asked(killed), "me/tuned");
        Directory.Delete(Folder["serving"], recursive: true);
        await using var serving = Run();
        Assert.That((await serving.Inventory.StopAllAsync(CancellationToken.None)).Stopped, Is.EqualTo(new[] { Name("me/tuned") }));
        Assert.That(Provider.Running, Is.Zero);
    }

    [TestCase(true, "settle 3.00")]
    [TestCase(false, "settle 60.02")]
    public async Task A_night_after_a_kill_what_stopped_by_itself_counts_as_set_aside_and_what_ran_on_by_its_minutes(bool hasStopped, string told)
    {
        Provider.WithV1();
        await AskAsync(Asked(Run()), "me/tuned");
        _ = hasStopped && Stop();
        Time.Advance(TimeSpan.FromHours(10));
        await using var serving = Run();
        Assert.That((await serving.Inventory.StopAllAsync(CancellationToken.None)).Stopped, Is.EqualTo(new[] { Name("me/tuned") }));
        Assert.That(Budget.Told, Is.EqualTo(new[] { "reserve 3.00", told }));
        Assert.That(Provider.Running, Is.Zero);

        bool Stop()
        {
            Provider.StopIdle();
            return true;
        }
    }

    [Test]
    public async Task A_leftover_that_cannot_be_stopped_keeps_no_other_running_and_no_run_from_its_answers()
    {
        Provider.WithV1();
        var leftovers = new[] { "me/one", "me/two" }.OrderBy(Name, StringComparer.Ordinal).ToList();
        Contestants = [.. leftovers];
        var killed = Asked(Run());
        await AskAsync(killed, leftovers[0]);
        await AskAsync(killed, leftovers[1]);
        Server.Always("PATCH /v1/endpoints/endpoint-1", Answer.Error(403)).Always("DELETE /v1/endpoints/endpoint-1", Answer.Error(403));
        Contestants = ["org/base"];
        await using var serving = Run();
        Assert.That(await AskAsync(Asked(serving), "org/base"), Is.EqualTo("me/org/base-3"));
        Assert.That(Provider.Endpoints.Select(e => (string?)e["model"]), Is.EqualTo(new[] { leftovers[0], "org/base" }));
        Assert.That(Logger.Lines, Has.Some.Matches<string>(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains(Name(leftovers[0]), StringComparison.Ordinal)));
    }
}
