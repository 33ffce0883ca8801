using System.Text.Json.Nodes;
using Cfx.Sandbox.State;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Serving;

[CancelAfter(60_000)]
internal sealed class EndpointTests
{
    private const string Order = """{"model":"fake/small","hardware":"1x_nvidia_h100_80gb_sxm","autoscaling":{"min_replicas":1,"max_replicas":1},"display_name":"mine" """;
    private readonly ManualTime _time = new();

    [Test]
    public async Task A_model_answers_by_its_endpoint_s_name_only_while_that_is_started()
    {
        await using var server = await StartAsync(Harness.NewFolder());
        var byOwnName = await AskAsync(server, "fake/small");
        var endpoint = await server.PostAsync("endpoints", Order + "}");
        var (id, name) = (endpoint["id"]!.GetValue<string>(), endpoint["name"]!.GetValue<string>());
        var early = await AskAsync(server, name);
        _time.Advance(TimeSpan.FromSeconds(60));
        var starting = await server.GetAsync("endpoints/" + id);
        _time.Advance(TimeSpan.FromSeconds(60));
        var ready = await AskAsync(server, name);
        using var patched = await server.Client.PatchAsync("endpoints/" + id, Harness.Json("""{"state":"STOPPED"}"""));
        var late = await AskAsync(server, name);

        Assert.That((byOwnName.Status, early.Status, ready.Status, late.Status), Is.EqualTo((400, 400, 200, 400)));
        Assert.That((endpoint["state"]!.GetValue<string>(), starting["state"]!.GetValue<string>()), Is.EqualTo(("PENDING", "STARTING")));
        Assert.That((await Harness.ReadAsync(patched))["state"]!.GetValue<string>(), Is.EqualTo("STOPPING"));
        Assert.That(byOwnName.Body["error"]!["message"]!.GetValue<string>(), Does.StartWith("Unable to access model"));
        Assert.That(ready.Body["choices"]![0]!["message"]!["content"]!.GetValue<string>(), Does.StartWith("[fake/small]"));
        Assert.That((await AskAsync(server, FakeModelHost.Judge)).Status, Is.EqualTo(200));
        Assert.That((await AskAsync(server, "fake/none")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task What_serves_a_model_does_not_change_its_answer()
    {
        await using var byName = await Harness.StartAsync(Harness.NewFolder());
        await using var byEndpoint = await StartAsync(Harness.NewFolder());
        var endpoint = await byEndpoint.PostAsync("endpoints", Order + "}");
        _time.Advance(TimeSpan.FromMinutes(2));

        var expected = await AskAsync(byName, "fake/small");
        var actual = await AskAsync(byEndpoint, endpoint["name"]!.GetValue<string>());
        Assert.That(actual.Body["choices"]!.ToJsonString(), Is.EqualTo(expected.Body["choices"]!.ToJsonString()));
    }

    [Test]
    public async Task Idleness_stops_an_endpoint_at_its_time_and_the_minutes_are_billed()
    {
        var folder = Harness.NewFolder();
        await using var server = await StartAsync(folder);
        var endpoint = await server.PostAsync("endpoints", Order + ""","inactive_timeout":10}""");
        _time.Advance(TimeSpan.FromMinutes(2));
        await AskAsync(server, endpoint["name"]!.GetValue<string>());
        _time.Advance(TimeSpan.FromMinutes(30));
        var state = (await server.GetAsync("endpoints/" + endpoint["id"]!.GetValue<string>()))["state"]!.GetValue<string>();

        Assert.That(state, Is.EqualTo("STOPPED"));
        var stopped = Ledger.Read(folder).Single(entry => entry.Event is "serving-stopped");
        // Ready after two minutes, used at once, idle for ten.
        Assert.That((stopped.Minutes, stopped.BilledUsd, stopped.Model), Is.EqualTo((10.0, 0.66m, "fake/small")));
    }

    [Test]
    public async Task A_running_endpoint_runs_on_over_a_restart_and_its_deletion_ends_the_bill()
    {
        var folder = Harness.NewFolder();
        string id;
        await using (var server = await StartAsync(folder))
        {
            id = (await server.PostAsync("endpoints", Order + "}"))["id"]!.GetValue<string>();
        }

        _time.Advance(TimeSpan.FromMinutes(7));
        await using (var server = await StartAsync(folder))
        {
            var listed = (await server.GetAsync("endpoints?type=dedicated&mine=true"))["data"]!.AsArray().Single()!;
            using var deleted = await server.Client.DeleteAsync("endpoints/" + id);

            Assert.That((listed["id"]!.GetValue<string>(), listed["state"]!.GetValue<string>()), Is.EqualTo((id, "STARTED")));
            Assert.That((int)deleted.StatusCode, Is.EqualTo(204));
            Assert.That((await server.FailAsync(HttpMethod.Get, "endpoints/" + id)).Status, Is.EqualTo(404));
        }

        Assert.That(Ledger.Read(folder).Single(entry => entry.Event is "serving-stopped").Minutes, Is.EqualTo(5).Within(1e-9));
    }

    [Test]
    public async Task Where_the_first_version_is_closed_creation_is_refused_by_its_code()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { Serving = ServingWay.V2 });
        var (status, error) = await server.FailAsync(HttpMethod.Post, "endpoints", Order + "}");

        Assert.That((status, error["code"]!.GetValue<string>()), Is.EqualTo((403, "endpoints_v1_create_access_disabled")));
    }

    [TestCase("""{"hardware":"1x_nvidia_h100_80gb_sxm","autoscaling":{"min_replicas":1,"max_replicas":1}}""", "model")]
    [TestCase("""{"model":"fake/judge","hardware":"1x_nvidia_h100_80gb_sxm","autoscaling":{"min_replicas":1,"max_replicas":1}}""", "model")]
    [TestCase("""{"model":"fake/small","hardware":"1x_nvidia_l40s_48gb_pcie","autoscaling":{"min_replicas":1,"max_replicas":1}}""", "hardware")]
    [TestCase("""{"model":"fake/small","hardware":"1x_nvidia_h100_80gb_sxm"}""", "autoscaling")]
    [TestCase("""{"model":"fake/small","hardware":"1x_nvidia_h100_80gb_sxm","autoscaling":{"min_replicas":2,"max_replicas":1}}""", "max_replicas")]
    public async Task A_faulty_order_is_refused_with_its_field(string body, string field)
    {
        await using var server = await StartAsync(Harness.NewFolder());
        var (status, error) = await server.FailAsync(HttpMethod.Post, "endpoints", body);

        Assert.That((status, error["param"]!.GetValue<string>()), Is.EqualTo((400, field)));
    }

    [Test]
    public async Task Hardware_tells_its_price_and_for_a_model_whether_it_can_be_had()
    {
        await using var server = await StartAsync(Harness.NewFolder());
        var all = (await server.GetAsync("hardware"))["data"]!.AsArray();
        var fitting = (await server.GetAsync("hardware?model=fake/small"))["data"]!.AsArray();

        Assert.That(all.Select(item => item!["availability"]), Is.All.Null);
        Assert.That(fitting.Select(item => item!["availability"]!["status"]!.GetValue<string>()), Does.Contain("available").And.Contain("unavailable"));
        Assert.That(fitting.Select(item => item!["pricing"]!["cents_per_minute"]!.GetValue<decimal>()), Is.All.GreaterThan(0m));
    }

    private Task<Harness> StartAsync(string folder) => Harness.StartAsync(
        folder,
        options => options with { Serving = ServingWay.V1, IsRehearsal = true, ServingStartTime = TimeSpan.FromMinutes(2), ServerlessModels = [FakeModelHost.Judge] },
        _time);

    internal static async Task<(int Status, JsonNode Body)> AskAsync(Harness server, string model)
    {
        using var response = await server.Client.PostAsync(
            "chat/completions", Harness.Json($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]}"""));
        return ((int)response.StatusCode, await Harness.ReadAsync(response));
    }
}
