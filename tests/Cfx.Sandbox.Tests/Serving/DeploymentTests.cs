using System.Text.Json.Nodes;
using Cfx.Sandbox.State;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Serving;

[CancelAfter(60_000)]
internal sealed class DeploymentTests
{
    private readonly ManualTime _time = new();

    // Operations of the second version are below its own prefix, and below the first's too.
    [TestCase("../v2/")]
    [TestCase("")]
    public async Task A_tuned_model_answers_once_its_deployment_is_ready_and_has_traffic(string prefix)
    {
        await using var server = await StartAsync(Harness.NewFolder());
        var project = prefix + "projects/" + (await server.GetAsync("whoami"))["project_id"]!.GetValue<string>();
        var file = await server.UploadAsync(Harness.TrainingLines(2));
        var job = await server.FinishAsync((await server.PostAsync("fine-tunes", $$"""{"model":"fake/small","training_file":"{{file}}"}"""))["id"]!.GetValue<string>());
        var model = $"projects/sandbox-project/models/{job["model_object_id"]!.GetValue<string>()}";
        var config = (await server.GetAsync($"{project}/configs?referenceModel={Uri.EscapeDataString(model)}"))["data"]![0]!;
        var endpoint = await server.PostAsync($"{project}/endpoints", """{"name":"study"}""");
        var name = endpoint["name"]!.GetValue<string>();
        var path = $"{project}/endpoints/{endpoint["id"]!.GetValue<string>()}";
        var deployment = await server.PostAsync($"{path}/deployments", Deployment("first", model, config));
        var id = deployment["id"]!.GetValue<string>();
        var provisioning = await EndpointTests.AskAsync(server, name);
        _time.Advance(TimeSpan.FromMinutes(2));
        var unrouted = await EndpointTests.AskAsync(server, name);
        using var routed = await server.Client.PatchAsync(path, Harness.Json($$"""{"trafficSplit":[{"deploymentId":"{{id}}","weight":1}]}"""));
        var ready = await EndpointTests.AskAsync(server, name);

        Assert.That(name, Is.EqualTo("sandbox/study"));
        Assert.That(deployment["status"]!["state"]!.GetValue<string>(), Is.EqualTo("DEPLOYMENT_STATE_PROVISIONING"));
        Assert.That((provisioning.Status, unrouted.Status, ready.Status), Is.EqualTo((400, 400, 200)));
        Assert.That((await server.GetAsync($"{path}/deployments/{id}"))["status"]!["state"]!.GetValue<string>(), Is.EqualTo("DEPLOYMENT_STATE_READY"));
        Assert.That(ready.Body["choices"]![0]!["message"]!["content"]!.GetValue<string>(), Does.StartWith("[fake/small tuned"));
        Assert.That((await EndpointTests.AskAsync(server, job["model_output_name"]!.GetValue<string>())).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_base_model_is_deployed_by_its_entry_among_the_supported_ones_and_stopped_by_zero_replicas()
    {
        var folder = Harness.NewFolder();
        await using var server = await StartAsync(folder);
        var profile = (await server.GetAsync("../v2/supported-models"))["data"]!.AsArray().Single()!["deploymentProfiles"]![0]!;
        const string Project = "../v2/projects/sandbox-project";
        var endpoint = await server.PostAsync($"{Project}/endpoints", """{"name":"base"}""");
        var path = $"{Project}/endpoints/{endpoint["id"]!.GetValue<string>()}/deployments";
        var order = $$"""{"name":"d","model":"{{profile["model"]}}","config":"{{profile["config"]}}","autoscaling":{"minReplicas":1,"maxReplicas":1} }""";
        var id = (await server.PostAsync(path, order))["id"]!.GetValue<string>();
        _time.Advance(TimeSpan.FromMinutes(12));
        var mixed = await server.Client.PatchAsync($"{path}/{id}", Harness.Json("""{"autoscaling":{"minReplicas":0,"maxReplicas":1}}"""));
        using var stopped = await server.Client.PatchAsync($"{path}/{id}", Harness.Json("""{"autoscaling":{"minReplicas":0,"maxReplicas":0}}"""));

        Assert.That((int)mixed.StatusCode, Is.EqualTo(400));
        Assert.That((await Harness.ReadAsync(stopped))["status"]!["state"]!.GetValue<string>(), Is.EqualTo("DEPLOYMENT_STATE_STOPPING"));
        var bill = Ledger.Read(folder).Single(entry => entry.Event is "serving-stopped");
        Assert.That((bill.Minutes, bill.BilledUsd), Is.EqualTo((10.0, 0.66m)));
        mixed.Dispose();
    }

    [Test]
    public async Task Lists_come_in_pages()
    {
        await using var server = await StartAsync(Harness.NewFolder());
        const string Path = "../v2/projects/sandbox-project/endpoints";
        foreach (var name in new[] { "a", "b", "c" })
        {
            await server.PostAsync(Path, $$"""{"name":"{{name}}"}""");
        }

        var first = await server.GetAsync(Path + "?limit=2");
        var second = await server.GetAsync($"{Path}?limit=2&after={first["next_cursor"]}");
        Assert.That(first["data"]!.AsArray().Concat(second["data"]!.AsArray()).Select(item => item!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "sandbox/a", "sandbox/b", "sandbox/c" }));
        Assert.That(second["next_cursor"], Is.Null);
        Assert.That((await server.FailAsync(HttpMethod.Post, Path, """{"name":"a"}""")).Status, Is.EqualTo(409));
    }

    [Test]
    public async Task Where_models_are_served_otherwise_there_is_no_second_version()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { Serving = ServingWay.V1 });

        Assert.That((await server.FailAsync(HttpMethod.Get, "../v2/projects/sandbox-project/endpoints")).Status, Is.EqualTo(404));
    }

    private static string Deployment(string name, string model, JsonNode config) =>
        $$"""{"name":"{{name}}","model":"{{model}}","config":"projects/{{config["projectId"]}}/configs/{{config["id"]}}","autoscaling":{"minReplicas":1,"maxReplicas":1} }""";

    private Task<Harness> StartAsync(string folder) => Harness.StartAsync(
        folder,
        options => options with { Serving = ServingWay.V2, IsRehearsal = true, ServingStartTime = TimeSpan.FromMinutes(2), ServerlessModels = [FakeModelHost.Judge] },
        _time);
}
