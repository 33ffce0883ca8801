using System.Text.Json.Nodes;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Together.Serving;

namespace Cfx.Together.Tests.Serving;

[TestFixture]
public sealed class DeploymentLeaseTests : ServingFixture
{
    private const string Deploy = "POST /v2/projects/proj_1/endpoints/ep_1/deployments";

    [Test]
    public async Task A_tuned_model_is_deployed_routed_asked_and_stopped()
    {
        Provider.WithV2();
        await using (var serving = Run())
        {
            Assert.That(await AskAsync(Asked(serving), "me/tuned"), Is.EqualTo("me/" + Name("me/tuned")));
            var sent = JsonNode.Parse(Server.Last(Deploy).Body)!;
            Assert.That(
                JsonNode.DeepEquals(sent, JsonNode.Parse(
                    $$$"""
                    {"name":"{{{Name("me/tuned")}}}","model":"projects/proj_1/models/ml_9","config":"projects/proj_c/configs/cr_9",
                     "autoscaling":{"minReplicas":1,"maxReplicas":1,"scaleToZeroWindow":"900s"}}
                    """)),
                sent.ToJsonString());
            Assert.That(Server.Last("PATCH /v2/projects/proj_1/endpoints/ep_1").Body, Is.EqualTo("""{"trafficSplit":[{"deploymentId":"dep_1","weight":1}]}"""));
        }

        Assert.That(Server.Received.Any(r => r.Route.StartsWith("PATCH", StringComparison.Ordinal) && r.Body == """{"autoscaling":{"minReplicas":0,"maxReplicas":0}}"""));
        Assert.That((Provider.Made, Provider.Running), Is.EqualTo((1, 0)));
        Assert.That(Budget.Told[0], Is.EqualTo("reserve 3.00"));
    }

    [Test]
    public async Task A_base_model_is_deployed_with_whole_weights_from_the_catalogue()
    {
        Provider.WithV2();
        await using var serving = Run();
        await AskAsync(Asked(serving), "org/base");
        var sent = JsonNode.Parse(Server.Last(Deploy).Body)!;
        Assert.That(((string?)sent["model"], (string?)sent["config"]), Is.EqualTo(("projects/proj_w/models/ml_b", "projects/proj_c/configs/cr_b")));
        Assert.That(Budget.Total, Is.EqualTo(6), "two GPUs");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_lost_reply_makes_no_second_deployment(bool isProcessed)
    {
        Provider.WithV2();
        Server.Once(Deploy, r => (isProcessed ? Provider.MakeDeployment("ep_1", r, true) : Answer.Ok("")) with { Break = Break.BeforeTheReply });
        await using (var serving = Run())
        {
            await AskAsync(Asked(serving), "me/tuned");
        }

        Assert.That((Provider.Made, Provider.Routed.Count, Provider.Running), Is.EqualTo((1, 1, 0)));
    }

    [TestCase("GET /v2/projects/proj_1/endpoints", """{"data":[{"name":"me/x"}]}""")]
    [TestCase("GET /v2/projects/proj_1/endpoints/ep_1/deployments", """{"data":[{"name":"x"}]}""")]
    [TestCase("GET /v2/projects/proj_1/endpoints/ep_1/deployments", """{"data":[7]}""")]
    public void A_list_with_something_that_cannot_be_read_does_not_say_that_nothing_was_made(string route, string list)
    {
        Provider.WithV2();
        Server.Once(Deploy, r =>
        {
            for (var look = 0; look < 20; look++)
            {
                Server.Once(route, Answer.Ok(list));
            }

            return Provider.MakeDeployment("ep_1", r, true) with { Break = Break.BeforeTheReply };
        });
        Assert.ThrowsAsync<ProviderException>(() => AskAsync(Asked(Run()), "me/tuned"));
        Assert.That((Provider.Made, Server.Count(Deploy)), Is.EqualTo((1, 1)));
    }

    [TestCase("autoscaling", """{"minReplicas":1.0,"maxReplicas":"1"}""")]
    [TestCase("autoscaling", """{"minReplicas":{"value":1},"maxReplicas":99999999999}""")]
    [TestCase("autoscaling", "7")]
    [TestCase("inactiveTimeout", "\"soon\"")]
    [TestCase("inactiveTimeout", "[1]")]
    public async Task A_deployment_with_an_odd_optional_value_is_found_all_the_same(string field, string value)
    {
        Provider.WithV2();
        Server.Once(Deploy, r =>
        {
            var lost = Provider.MakeDeployment("ep_1", r, true) with { Break = Break.BeforeTheReply };
            var odd = Provider.Deployments.Single().DeepClone();
            odd[field] = JsonNode.Parse(value);
            Server.Once("GET /v2/projects/proj_1/endpoints/ep_1/deployments", Answer.Ok($$"""{"data":[{{odd.ToJsonString()}}]}"""));
            return lost;
        });
        await using var serving = Run();
        await AskAsync(Asked(serving), "me/tuned");
        Assert.That((Provider.Made, Server.Count(Deploy)), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_server_without_the_idle_window_is_told_in_the_other_way()
    {
        Provider.WithV2(echoesIdleStop: false);
        await using var serving = Run();
        await AskAsync(Asked(serving), "me/tuned");
        Assert.That((int)Provider.Deployments.Single()["inactiveTimeout"]!, Is.EqualTo(30), "the least that it takes");
    }

    [Test]
    public async Task Hours_after_a_deployment_stopped_by_itself_only_the_longest_that_it_can_have_run_counts_and_it_is_started_anew()
    {
        Provider.WithV2();
        Budget = new RecordingBudget(20);
        await using (var serving = Run())
        {
            await AskAsync(Asked(serving), "me/tuned");
            Provider.StopIdle();
            Time.Advance(TimeSpan.FromHours(8));
            await AskAsync(Asked(serving), "me/tuned");
        }

        Assert.That((Provider.Made, Budget.Told[1], Budget.Keys.Count), Is.EqualTo((1, "settle 4.50", 2)), "6 USD an hour: 30 minutes aside, 15 of them kept, and 30 without a call, the least that it takes");
    }

    [Test]
    public async Task A_deployment_that_fails_is_stopped_and_its_words_are_shown()
    {
        Provider.WithV2();
        Provider.DeploymentEnds = "FAILED";
        await using var serving = Run();
        Assert.That(Assert.ThrowsAsync<StageFailedException>(() => AskAsync(Asked(serving), "me/tuned"))!.Message, Does.Contain("FAILED: Scheduling replicas"));
        Assert.That(Provider.Running, Is.Zero);
    }

    [Test]
    public async Task Models_that_no_one_way_serves_are_refused_with_every_reason()
    {
        Provider.WithV2();
        Contestants = ["org/base-Reference", "me/tuned"];
        await using var serving = Run();
        var e = Assert.ThrowsAsync<StageFailedException>(() => AskAsync(Asked(serving), "me/tuned"))!;
        Assert.That(e.Message, Does.Contain("lists no model 'org/base-Reference'").And.Contain("This server has no v1 endpoints"));
        Assert.That(Provider.Made, Is.Zero);
    }

    [TestCase("org/base", ServingFindingKind.Ok, "v2 deployment on 2xnvidia-h100-80gb at 12 USD an hour")]
    [TestCase("org/base-Reference", ServingFindingKind.Problem, "such as org/base if it can be fine-tuned")]
    [TestCase("org/else", ServingFindingKind.Problem, "cannot be fine-tuned")]
    public async Task Before_training_a_base_is_known_to_be_servable_or_not(string model, ServingFindingKind kind, string words)
    {
        Provider.WithV2();
        await using var serving = Run();
        var finding = (await serving.Preflight.CheckAsync([model], ["org/base", "org/base-Reference"], mayAsk: true, CancellationToken.None)).Single();
        Assert.That(finding.Kind, Is.EqualTo(kind), finding.Text);
        Assert.That(finding.Text, Does.Contain(words));
    }

    [Test]
    public async Task A_server_with_no_serving_api_is_no_problem_and_one_with_v1_alone_is_a_caution()
    {
        await using var serving = Run();
        var byName = (await serving.Preflight.CheckAsync(["org/base"], [], mayAsk: true, CancellationToken.None)).Single();
        Assert.That((byName.Kind, byName.Text.Contains("by name", StringComparison.Ordinal)), Is.EqualTo((ServingFindingKind.Caution, true)), byName.Text);
        Provider.WithV1();
        var v1 = (await serving.Preflight.CheckAsync(["org/base"], [], mayAsk: true, CancellationToken.None)).Single();
        Assert.That((v1.Kind, v1.Text.Contains("1x_h100 at 6 USD an hour", StringComparison.Ordinal)), Is.EqualTo((ServingFindingKind.Caution, true)), v1.Text);
    }

    [TestCase(null, null, "a minute of org/base")]
    [TestCase(null, 0.5, null)]
    [TestCase(600, null, null)]
    public async Task Before_training_a_price_by_the_minute_that_nobody_knows_is_refused(int? told, double? own, string? refused)
    {
        Provider.WithV2();
        Server.Always("GET /v2/public/inference-instance-types", Answer.Ok(told is { } cents ? $$"""{"data":[{"id":"2xh","gpuType":"h100","gpuCount":2,"priceCentsPerHour":{{cents}}}]}""" : """{"data":[]}"""));
        var settings = Settings with { PricePerHour = (_, provider) => provider ?? (decimal?)own };
        await AssertPricedAsync(settings, refused);
        await AssertPricedAsync(settings with { AllowsUnknownPrices = true }, null);
    }

    [TestCase(null, true, "a call to org/base")]
    [TestCase(null, false, null)]
    [TestCase(ServingWay.ByName, false, "a call to org/base")]
    [TestCase(ServingWay.Deployment, true, null)]
    public async Task Before_training_a_price_by_the_token_that_nobody_knows_is_refused_where_models_may_be_asked_by_name(ServingWay? way, bool answers, string? refused)
    {
        Provider.WithV2();
        _ = answers && Provider.ByName.Add("org/base");
        var settings = Settings with { Way = way, HasTokenPrice = _ => false };
        await AssertPricedAsync(settings, refused);
        await AssertPricedAsync(settings with { AllowsUnknownPrices = true }, null);
        await AssertPricedAsync(settings with { HasTokenPrice = _ => true }, null);
    }

    [Test]
    public async Task A_way_that_deploys_is_kept_and_needs_no_price_by_the_token()
    {
        Provider.WithV2();
        await using (var serving = Run())
        {
            await AskAsync(Asked(serving), "me/tuned");
        }

        Provider.ByName.Add("org/base");
        await AssertPricedAsync(Settings with { HasTokenPrice = _ => false }, null);
    }

    [Test]
    public async Task The_users_price_is_what_is_set_aside_for_a_tuned_model()
    {
        Provider.WithV2();
        await using var serving = Run(Settings with { PricePerHour = (model, told) => model == "me/tuned" && told == 6 ? 20 : null });
        await AskAsync(Asked(serving), "me/tuned");
        Assert.That(Budget.Told, Is.EqualTo(new[] { "reserve 10.00" }));
    }

    private async Task AssertPricedAsync(ServingOptions settings, string? refused)
    {
        await using var serving = Run(settings);
        var finding = (await serving.Preflight.CheckAsync(["org/base"], ["org/base"], mayAsk: true, CancellationToken.None)).Single();
        Assert.That(finding.Kind == ServingFindingKind.Unpriced, Is.EqualTo(refused is not null), finding.Text);
        Assert.That(finding.Text, Does.Contain(refused ?? "org/base"));
    }
}
