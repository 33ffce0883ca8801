using System.Text.Json.Nodes;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Cfx.Together.Serving;

namespace Cfx.Together.Tests.Serving;

[TestFixture]
public sealed class EndpointLeaseTests : ServingFixture
{
    [SetUp]
    public void Begin() => Provider.WithV1();

    [Test]
    public async Task A_model_is_asked_under_its_served_name_and_stopped_at_the_end()
    {
        await using (var serving = Run())
        {
            var chat = Asked(serving);
            Assert.That(await AskAsync(chat, "me/tuned"), Is.EqualTo("me/me/tuned-1"));
            Assert.That(await AskAsync(chat, "me/tuned"), Is.EqualTo("me/me/tuned-1"));
            var sent = JsonNode.Parse(Server.Last(FakeProvider.CreateEndpoint).Body)!;
            Assert.That(
                JsonNode.DeepEquals(sent, JsonNode.Parse(
                    $$"""{"display_name":"{{Name("me/tuned")}}","model":"me/tuned","hardware":"1x_h100","autoscaling":{"min_replicas":1,"max_replicas":1},"inactive_timeout":15}""")),
                sent.ToJsonString());
            Assert.That(Provider.Running, Is.EqualTo(1));
        }

        Assert.That((Provider.Made, Provider.Running, Provider.Endpoints.Count), Is.EqualTo((1, 0, 0)));
        Assert.That(Budget.Told, Is.EqualTo(new[] { "reserve 3.00", "settle 0.02" }), "6 USD an hour: 30 minutes aside, 10 seconds used");
        Assert.That((await Records.ReadAsync(Name("me/tuned"), CancellationToken.None))!.State, Is.EqualTo(ServingState.Stopped));
    }

    [Test]
    public async Task Many_callers_at_once_start_one_endpoint_a_model()
    {
        await using var serving = Run();
        var chat = Asked(serving);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AskAsync(chat, i % 2 == 0 ? "me/tuned" : "org/base")));
        Assert.That(Provider.Made, Is.EqualTo(2));
    }

    [Test]
    public async Task Models_that_are_no_contestants_pass_through()
    {
        Provider.ByName.Add("judge");
        await using var serving = Run();
        Assert.That(await AskAsync(Asked(serving), "judge"), Is.EqualTo("judge"));
        Assert.That((Server.Count(FakeProvider.Chat), Provider.Made), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Where_all_answer_by_name_nothing_is_made_and_where_one_does_not_all_are_made()
    {
        Provider.ByName.UnionWith(Contestants);
        await using (var byName = Run())
        {
            Assert.That(await AskAsync(Asked(byName), "me/tuned"), Is.EqualTo("me/tuned"));
            Assert.That(Server.Received.Count(r => r.Body.Contains("\"max_tokens\":1,", StringComparison.Ordinal)), Is.EqualTo(2), "a probe for each contestant");
        }

        Contestants = ["org/base", "me/tuned", "me/later"];
        await using var served = Run();
        Assert.That(await served.DecidedAsync(CancellationToken.None), Is.EqualTo(ServingWay.ByName), "it is not known yet that it will not do");
        Assert.That(await AskAsync(Asked(served), "org/base"), Is.EqualTo("me/org/base-1"), "the base is served as the tuned arm is");
        Assert.That(Logger.Lines, Has.Some.Contains("were served by name before"));
    }

    [Test]
    public async Task A_decided_way_is_kept_without_asking_again()
    {
        await using (var first = Run())
        {
            await AskAsync(Asked(first), "org/base");
        }

        Provider.ByName.UnionWith(Contestants);
        var asked = Server.Count(FakeProvider.Chat);
        await using var second = Run();
        Assert.That(await AskAsync(Asked(second), "me/tuned"), Is.EqualTo("me/me/tuned-2"));
        Assert.That(Server.Count(FakeProvider.Chat), Is.EqualTo(asked + 1));
    }

    [Test]
    public async Task Asking_by_name_is_kept_for_those_that_answered_and_found_again_once_another_comes()
    {
        Provider.ByName.UnionWith(["org/base", "me/tuned", "me/later"]);
        await using (var first = Run())
        {
            await AskAsync(Asked(first), "org/base");
        }

        var asked = Server.Count(FakeProvider.Chat);
        await using (var second = Run())
        {
            await AskAsync(Asked(second), "me/tuned");
        }

        Assert.That(Server.Count(FakeProvider.Chat), Is.EqualTo(asked + 1), "nobody was asked whether he answers");
        Contestants = [.. Contestants, "me/later"];
        await using var third = Run();
        await AskAsync(Asked(third), "me/later");
        Assert.That(Server.Count(FakeProvider.Chat), Is.EqualTo(asked + 1 + 4));
        Assert.That(Provider.Made, Is.Zero);
    }

    [Test]
    public async Task A_way_that_the_user_named_is_known_without_asking()
    {
        await using var serving = Run(Settings with { Way = ServingWay.Deployment });
        Assert.That(await serving.DecidedAsync(CancellationToken.None), Is.EqualTo(ServingWay.Deployment));
        Assert.That(Server.Received, Is.Empty);
    }

    [Test]
    public void Trouble_while_asking_by_name_makes_nothing()
    {
        Server.Always(FakeProvider.Chat, Answer.Error(503));
        Assert.ThrowsAsync<ProviderException>(() => AskAsync(Asked(Run()), "org/base"));
        Assert.That(Provider.Made, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_lost_reply_makes_no_second_endpoint(bool isProcessed)
    {
        Server.Once(FakeProvider.CreateEndpoint, r => (isProcessed ? Provider.MakeEndpoint(r) : Answer.Ok("")) with { Break = Break.BeforeTheReply });
        await using (var serving = Run())
        {
            Assert.That(await AskAsync(Asked(serving), "me/tuned"), Is.EqualTo("me/me/tuned-1"));
        }

        Assert.That((Provider.Made, Provider.Running), Is.EqualTo((1, 0)));
        Assert.That(Server.Count(FakeProvider.CreateEndpoint), Is.EqualTo(isProcessed ? 1 : 2));
    }

    [TestCase(500)]
    [TestCase(429)]
    [TestCase(200)]
    public async Task An_unclear_reply_is_looked_into_before_anything_is_sent_again(int status)
    {
        Server.Once(FakeProvider.CreateEndpoint, r =>
        {
            Provider.MakeEndpoint(r);
            return new Answer(status, "{}");
        });
        await using var serving = Run();
        await AskAsync(Asked(serving), "me/tuned");
        Assert.That((Provider.Made, Server.Count(FakeProvider.CreateEndpoint)), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_list_with_an_endpoint_that_cannot_be_read_does_not_say_that_none_was_made()
    {
        Server.Once(FakeProvider.CreateEndpoint, r =>
        {
            for (var look = 0; look < 20; look++)
            {
                Server.Once("GET /v1/endpoints", Answer.Ok("""{"data":[{"object":"endpoint","type":"dedicated"}]}"""));
            }

            return Provider.MakeEndpoint(r) with { Break = Break.BeforeTheReply };
        });
        var e = Assert.ThrowsAsync<ProviderException>(() => AskAsync(Asked(Run()), "me/tuned"))!;
        Assert.That(e.Message, Does.Contain("element 1 has no id").And.Contain("not clear"));
        Assert.That((Provider.Made, Server.Count(FakeProvider.CreateEndpoint)), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_refusal_after_a_lost_reply_keeps_the_intent()
    {
        Server.Once(FakeProvider.CreateEndpoint, new Answer(500, "{}")).Always(FakeProvider.CreateEndpoint, Answer.Error(403));
        Assert.ThrowsAsync<ProviderException>(() => AskAsync(Asked(Run()), "me/tuned"));
        Assert.That(Folder.Json($"serving/{Name("me/tuned")}.json")["state"]!.GetValue<string>(), Is.EqualTo("intended"));
        Assert.That(Budget.Total, Is.EqualTo(3));
    }

    [Test]
    public async Task Closed_v1_endpoints_are_said_plainly_and_cost_nothing()
    {
        Server.Always(FakeProvider.CreateEndpoint, Answer.Error(403, "creating is disabled"));
        await using var serving = Run();
        var e = Assert.ThrowsAsync<ProviderException>(() => AskAsync(Asked(serving), "me/tuned"))!;
        Assert.That(e.Message, Does.Contain("endpoints_v1_create_access_disabled").And.Contain("creating is disabled").And.Contain("--serving-way=v2"));
        Assert.That((Budget.Total, File.Exists(Folder[$"serving/{Name("me/tuned")}.json"])), Is.EqualTo((0m, false)));
    }

    [TestCase("ERROR", "the provider says ERROR")]
    [TestCase("PENDING", "still PENDING after 30 minutes")]
    public async Task What_does_not_come_up_is_stopped(string ends, string words)
    {
        Provider.EndpointEnds = ends;
        await using var serving = Run();
        var e = Assert.ThrowsAsync<StageFailedException>(() => AskAsync(Asked(serving), "me/tuned"))!;
        Assert.That(e.Message, Does.Contain(words));
        Assert.That((Provider.Running, Provider.Endpoints.Count), Is.EqualTo((0, 0)));
        Assert.That(Budget.Told[^1], Does.StartWith("settle"));
    }

    [Test]
    public async Task An_endpoint_that_stopped_by_itself_is_started_again_and_both_leases_count()
    {
        await using (var serving = Run())
        {
            var chat = Asked(serving);
            await AskAsync(chat, "me/tuned");
            Provider.Endpoints.Single()["state"] = "STOPPED";
            Time.Advance(TimeSpan.FromMinutes(3));
            Assert.That(await AskAsync(chat, "me/tuned"), Is.EqualTo("me/me/tuned-1"));
        }

        Assert.That((Provider.Made, Budget.Keys.Count), Is.EqualTo((1, 2)));
        Assert.That(Budget.Told, Is.EqualTo(new[] { "reserve 3.00", "settle 0.32", "reserve 3.00", "settle 0.02" }), "it cannot have run longer than until now");
    }

    [TestCase(false, 1)]
    [TestCase(true, 2)]
    public async Task Hours_after_an_endpoint_stopped_by_itself_only_what_was_set_aside_counts_and_it_is_started_anew(bool isRemoved, int made)
    {
        Budget = new RecordingBudget(7);
        await using (var serving = Run())
        {
            var chat = Asked(serving);
            await AskAsync(chat, "me/tuned");
            Provider.StopIdle(isRemoved);
            Time.Advance(TimeSpan.FromHours(8));
            Assert.That(await AskAsync(chat, "me/tuned"), Is.EqualTo($"me/me/tuned-{made}"));
        }

        Assert.That(Budget.Told, Is.EqualTo(new[] { "reserve 3.00", "settle 3.00", "reserve 3.00", "settle 0.02" }));
        Assert.That((await Records.ReadAsync(Name("me/tuned"), CancellationToken.None))!.EarlierCost, Is.EqualTo(3m));
    }

    [Test]
    public async Task A_run_that_ends_hours_after_its_endpoint_stopped_by_itself_pays_for_what_was_set_aside()
    {
        await using (var serving = Run())
        {
            await AskAsync(Asked(serving), "me/tuned");
            Provider.StopIdle();
            Time.Advance(TimeSpan.FromHours(8));
        }

        Assert.That(Budget.Told, Is.EqualTo(new[] { "reserve 3.00", "settle 3.00" }));
    }

    [Test]
    public async Task Where_all_minutes_that_are_allowed_were_set_aside_those_without_a_call_count_too()
    {
        await using (var serving = Run(Settings with { Longest = TimeSpan.FromMinutes(20) }))
        {
            await AskAsync(Asked(serving), "me/tuned");
            Provider.StopIdle();
            Time.Advance(TimeSpan.FromHours(8));
        }

        Assert.That(Budget.Told, Is.EqualTo(new[] { "reserve 2.00", "settle 3.50" }), "asked up to the last of 20 minutes, and 15 more");
    }

    [TestCase(400)]
    [TestCase(422)]
    public async Task What_a_model_refuses_while_it_is_not_up_passes_and_what_it_refuses_when_it_is_does_not(int status)
    {
        await using var serving = Run();
        var chat = Asked(serving);
        await AskAsync(chat, "me/tuned");
        Server.Always(FakeProvider.Chat, Answer.Error(status));

        Assert.That(Assert.ThrowsAsync<ProviderException>(() => AskAsync(chat, "me/tuned"))!.StatusCode, Is.EqualTo(status));
        Provider.LooksUntilReady = int.MaxValue;
        Provider.Endpoints.Single()["state"] = "PENDING";
        var passing = Assert.ThrowsAsync<ProviderException>(() => AskAsync(chat, "me/tuned"))!;
        Assert.That(passing.StatusCode, Is.Null);
        Assert.That(passing.Message, Does.StartWith("The model was not up: "));
    }

    [Test]
    public async Task Calls_that_failed_together_at_a_stopped_endpoint_are_all_asked_again()
    {
        await using var serving = Run();
        await AskAsync(Asked(serving), "me/tuned");
        Provider.StopIdle();
        var late = new OneLateFailure(Client.Chat);
        var chat = Asked(serving, late);
        var calls = new[] { AskAsync(chat, "me/tuned"), AskAsync(chat, "me/tuned") };
        await Task.WhenAny(calls);
        late.Release();
        Assert.That(await Task.WhenAll(calls), Has.All.EqualTo("me/me/tuned-1"));
        Assert.That(Server.Count("PATCH /v1/endpoints/endpoint-1"), Is.EqualTo(1), "started again once");
    }

    [Test]
    public async Task A_call_that_fails_after_its_model_was_stopped_on_purpose_starts_nothing()
    {
        await using var serving = Run();
        await AskAsync(Asked(serving), "me/tuned");
        Provider.StopIdle();
        var late = new OneLateFailure(Client.Chat, held: 1);
        var call = AskAsync(Asked(serving, late), "me/tuned");
        await late.Failed;
        await serving.StopAsync("me/tuned", CancellationToken.None);
        late.Release();
        Assert.ThrowsAsync<ProviderException>(() => call);
        Assert.That((Provider.Made, Provider.Running), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task More_minutes_are_set_aside_in_use_until_the_budget_is_reached_and_then_it_stops()
    {
        Budget = new RecordingBudget(7);
        await using var serving = Run();
        var chat = Asked(serving);
        await AskAsync(chat, "me/tuned");
        Time.Advance(TimeSpan.FromMinutes(20));
        await AskAsync(chat, "me/tuned");
        Assert.That(Budget.Total, Is.EqualTo(5m).Within(0.05m));
        Time.Advance(TimeSpan.FromMinutes(20));
        Assert.ThrowsAsync<BudgetReachedException>(() => AskAsync(chat, "me/tuned"));
        Assert.That(Provider.Running, Is.Zero);
        Assert.That(Budget.Total, Is.EqualTo(4m).Within(0.05m));
    }

    [Test]
    public async Task A_budget_that_is_too_small_makes_nothing()
    {
        Budget = new RecordingBudget(1);
        await using var serving = Run();
        Assert.ThrowsAsync<BudgetReachedException>(() => AskAsync(Asked(serving), "me/tuned"));
        Assert.That((Provider.Made, Budget.Total), Is.EqualTo((0, 0m)));
    }

    [Test]
    public async Task The_longest_time_stops_a_model_in_use()
    {
        await using var serving = Run(Settings with { Longest = TimeSpan.FromMinutes(40) });
        var chat = Asked(serving);
        await AskAsync(chat, "me/tuned");
        Time.Advance(TimeSpan.FromMinutes(41));
        Assert.That(Assert.ThrowsAsync<StageFailedException>(() => AskAsync(chat, "me/tuned"))!.Message, Does.Contain("--serving-max-minutes"));
        Assert.That(Provider.Running, Is.Zero);
    }

    [Test]
    public async Task Stopping_is_tried_again_and_what_cannot_be_stopped_is_said_and_stays_on_record()
    {
        var serving = Run();
        await AskAsync(Asked(serving), "me/tuned");
        Server.Always("PATCH /v1/endpoints/endpoint-1", Answer.Error(500)).Always("DELETE /v1/endpoints/endpoint-1", Answer.Error(500));
        await serving.DisposeAsync();
        Assert.That(Server.Count("PATCH /v1/endpoints/endpoint-1"), Is.EqualTo(2));
        Assert.That(Logger.Lines, Has.Some.Matches<string>(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("--stop-all", StringComparison.Ordinal)));
        Assert.That((await Records.ReadAsync(Name("me/tuned"), CancellationToken.None))!.State, Is.EqualTo(ServingState.Stopping));
        Assert.That(Budget.Total, Is.EqualTo(3), "what was set aside stands");
    }

    [Test]
    public async Task Ending_while_a_model_comes_up_stops_it()
    {
        Provider.LooksUntilReady = int.MaxValue;
        Budget = new RecordingBudget(1_000_000);
        var serving = Run(Settings with { Deadline = TimeSpan.FromDays(300) });
        var asking = AskAsync(Asked(serving), "me/tuned");
        var until = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Time.OnWait = n => _ = n > 5 && until.TrySetResult();
        await until.Task;
        await serving.DisposeAsync();
        Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => asking);
        Assert.That((Provider.Made, Provider.Running), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_model_on_its_way_up_is_looked_at_soon_and_then_ever_less_often()
    {
        Provider.LooksUntilReady = 8;
        await using var serving = Run(Settings with { FirstPoll = TimeSpan.FromSeconds(1) });
        await AskAsync(Asked(serving), "me/tuned");
        Assert.That(Time.Waits.Where(w => w <= Settings.PollInterval).Select(w => w.TotalSeconds), Is.EqualTo(new[] { 1, 2, 4, 8, 10, 10, 10 }));
    }

    [Test]
    public async Task How_models_outside_the_study_are_asked_changes_nothing_for_the_study()
    {
        Provider.ByName.UnionWith(Contestants);
        await using (var study = Run())
        {
            await AskAsync(Asked(study), "me/tuned");
        }

        Contestants = ["deployed-only", "org/base"];
        await using (var apart = Run(Settings with { Compared = Contestants }))
        {
            await AskAsync(Asked(apart), "deployed-only");
            Assert.That(await apart.DecidedAsync(CancellationToken.None), Is.EqualTo(ServingWay.Endpoint));
        }

        await using var again = Run();
        Assert.That(await again.DecidedAsync(CancellationToken.None), Is.EqualTo(ServingWay.ByName));
    }
}
