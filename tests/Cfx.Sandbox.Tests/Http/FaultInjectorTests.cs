using System.Text.Json;
using Cfx.Core;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Http;

[CancelAfter(60_000)]
internal sealed class FaultInjectorTests
{
    private static readonly SandboxOptions Options = new() { StateFolder = "unused" };

    private static FaultInjector Injector(SandboxOptions options) => new(options, TimeProvider.System);

    [Test]
    public void A_share_of_a_route_s_requests_is_hit_and_no_others()
    {
        var injector = Injector(Options with { FaultScript = [FaultRule.Parse("POST /chat/completions 20% drop-after"), FaultRule.Parse("* * #1001- server-error")] });
        var fates = Enumerable.Range(0, 1_000).Select(index => injector.Choose(index, "POST", "/chat/completions")?.Kind).ToList();

        Assert.That(fates.Count(fate => fate == FaultKind.DropAfter), Is.EqualTo(200).Within(50));
        Assert.That(fates.Count(fate => fate is null), Is.EqualTo(1_000 - fates.Count(fate => fate == FaultKind.DropAfter)));
        Assert.That(injector.Choose(1_000, "GET", "/models")?.Kind, Is.EqualTo(FaultKind.ServerError));
    }

    [Test]
    public void A_key_expires_at_its_time_for_every_route_that_needs_one()
    {
        var time = new ManualTime();
        var injector = new FaultInjector(Options with { FaultScript = [FaultRule.Parse("* * @30s expired-key")] }, time);
        Assert.That(injector.Choose(0, "GET", "/models"), Is.Null);
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.That(injector.Choose(1, "GET", "/models")?.Kind, Is.EqualTo(FaultKind.ExpiredKey));
        Assert.That(injector.Choose(2, "PUT", "/upload/{id}"), Is.Null);
    }

    [Test]
    public void A_kind_that_cannot_befall_a_request_is_not_drawn_for_it()
    {
        var injector = Injector(Options with { FaultRate = 1, FaultKinds = [FaultKind.JobFails, FaultKind.ServerError] });
        var chat = Enumerable.Range(0, 50).Select(index => injector.Choose(index, "POST", "/chat/completions")?.Kind).Distinct();
        var jobs = Enumerable.Range(0, 50).Select(index => injector.Choose(index, "POST", "/fine-tunes")?.Kind).Distinct();

        Assert.That(chat, Is.EqualTo(new FaultKind?[] { FaultKind.ServerError }));
        Assert.That(jobs, Is.EquivalentTo(new FaultKind?[] { FaultKind.ServerError, FaultKind.JobFails }));
    }

    [TestCase("GET /models #1 job-fails")]
    [TestCase("POST /fine-tunes #1 batch-expires")]
    [TestCase("* * 0% slow")]
    public void A_rule_that_can_never_hit_is_refused_at_the_start(string rule) =>
        Assert.That(() => (Options with { FaultScript = [FaultRule.Parse(rule)] }).Validate(), Throws.InstanceOf<MisuseException>().With.Message.Contains("fault rule"));

    [Test]
    public void The_fate_of_a_request_follows_from_its_number_and_the_seed()
    {
        static List<FaultKind?> Fates(int seed) => [.. Enumerable.Range(0, 500).Select(
            index => Injector(Options with { FaultRate = 0.2, Seed = seed }).Choose(index, "GET", "/models")?.Kind)];

        var fates = Fates(1);
        Assert.That(Fates(1), Is.EqualTo(fates));
        Assert.That(Fates(2), Is.Not.EqualTo(fates));
    }

    [Test]
    public void Faults_come_at_their_rate_and_of_every_kind_alike()
    {
        var injector = Injector(Options with { FaultRate = 0.2 });
        var fates = Enumerable.Range(0, 20_000).Select(index => injector.Choose(index, "GET", "/models")?.Kind).OfType<FaultKind>().ToList();

        Assert.That(fates.Count, Is.EqualTo(4_000).Within(250));
        foreach (var kind in FaultMix.Usual)
        {
            Assert.That(fates.Count(fate => fate == kind), Is.EqualTo(4_000 / FaultMix.Usual.Count).Within(120), $"{kind}");
        }
    }

    [Test]
    public void Jitter_stays_within_its_bound_and_varies()
    {
        var injector = Injector(Options with { Latency = TimeSpan.FromMilliseconds(100), LatencyJitter = TimeSpan.FromMilliseconds(50) });
        var delays = Enumerable.Range(0, 1_000).Select(index => injector.Delay(index, null).TotalMilliseconds).ToList();

        Assert.That(delays, Is.All.InRange(100, 150));
        Assert.That(delays.Average(), Is.EqualTo(125).Within(3));
    }

    [Test]
    public void A_script_hits_the_named_requests_only()
    {
        var injector = Injector(Options with { FaultScript = [FaultRule.Parse("POST /fine-tunes #2-3 unavailable"), FaultRule.Parse("GET /files/{id} #1 drop-before")] });
        var fates = Enumerable.Range(0, 4).Select(index => injector.Choose(index, "POST", "/fine-tunes")?.Kind).ToList();

        Assert.That(fates, Is.EqualTo(new FaultKind?[] { null, FaultKind.Unavailable, FaultKind.Unavailable, null }));
        Assert.That(injector.Choose(4, "GET", "/fine-tunes"), Is.Null);
        Assert.That(injector.Choose(5, "GET", "/files/{id}")?.Kind, Is.EqualTo(FaultKind.DropBefore));
    }

    [TestCase("POST /fine-tunes #3 drop-after", 3, 1, FaultKind.DropAfter)]
    [TestCase("PUT /upload/{id} #1-4 truncated-body", 1, 4, FaultKind.TruncatedBody)]
    public void A_rule_is_read_from_text(string text, int first, int count, FaultKind kind)
    {
        var rule = FaultRule.Parse(text);

        Assert.That((rule.First, rule.Count, rule.Kind), Is.EqualTo((first, count, kind)));
    }

    [TestCase("POST /fine-tunes drop-after")]
    [TestCase("POST fine-tunes #1 drop-after")]
    [TestCase("POST /fine-tunes #1 explode")]
    public void A_rule_of_another_form_is_refused_with_the_form(string text) =>
        Assert.That(() => FaultRule.Parse(text), Throws.InstanceOf<MisuseException>().With.Message.Contains("drop-after"));

    [TestCase("server-error", 500)]
    [TestCase("unavailable", 503)]
    [TestCase("rate-limited", 429)]
    [TestCase("rate-limited-silent", 429)]
    [TestCase("expired-key", 401)]
    [TestCase("forbidden", 403)]
    public async Task A_refusal_has_the_shape_of_the_API_and_processes_nothing(string kind, int status)
    {
        await using var server = await Harness.StartAsync(
            Harness.NewFolder(), options => options with { FaultScript = [FaultRule.Parse($"POST /files/upload #1 {kind}")] });
        var (actual, error) = await server.FailAsync(HttpMethod.Post, "files/upload");

        Assert.That(actual, Is.EqualTo(status));
        Assert.That(error["message"]!.GetValue<string>(), Is.Not.Empty);
    }

    [TestCase("drop-before", 0, 0)]
    [TestCase("drop-after", 1, 200)]
    [TestCase("truncated-body", 1, 200)]
    public async Task A_lost_reply_leaves_a_job_exactly_when_the_request_was_processed(string kind, int jobs, int status)
    {
        var folder = Harness.NewFolder();
        await using var server = await Harness.StartAsync(folder, options => options with { FaultScript = [FaultRule.Parse($"POST /fine-tunes #2 {kind}")] });
        var file = await server.UploadAsync(Harness.TrainingLines(2));
        await server.FailAsync(HttpMethod.Post, "fine-tunes", "{}");

        Assert.That(
            async () => await server.PostAsync("fine-tunes", $$"""{"model":"fake/small","training_file":"{{file}}"}"""),
            Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
        Assert.That((await server.GetAsync("fine-tunes"))["data"]!.AsArray(), Has.Count.EqualTo(jobs));
        var entry = Ledger.Read(folder).Single(entry => entry.Fault is not null);
        Assert.That((entry.Route, entry.Status, entry.Fault), Is.EqualTo(("/fine-tunes", status, kind)));
    }

    [Test]
    public async Task A_malformed_body_arrives_whole_and_is_not_JSON()
    {
        await using var server = await Harness.StartAsync(
            Harness.NewFolder(), options => options with { FaultScript = [FaultRule.Parse("GET /models #1 malformed-body")] });
        using var response = await server.Client.GetAsync("models");
        var text = await response.Content.ReadAsStringAsync();

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(() => JsonDocument.Parse(text), Throws.InstanceOf<JsonException>());
        Assert.That((await server.GetAsync("models")).AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_truncated_file_breaks_off()
    {
        await using var server = await Harness.StartAsync(
            Harness.NewFolder(), options => options with { FaultScript = [FaultRule.Parse("GET /files/{id}/content #1 truncated-body")] });
        var id = await server.UploadAsync(Harness.TrainingLines(2_000));

        Assert.That(async () => await server.Client.GetStringAsync($"files/{id}/content"), Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
        Assert.That(await server.Client.GetStringAsync($"files/{id}/content"), Is.EqualTo(Harness.TrainingLines(2_000)));
    }

    [Test]
    public async Task Every_request_ends_somehow_when_all_of_them_go_wrong()
    {
        var folder = Harness.NewFolder();
        await using var server = await Harness.StartAsync(folder, options => options with { FaultRate = 1, Seed = 3, FaultKinds = [.. FaultMix.Usual.Except([FaultKind.Slow])] });
        for (var i = 0; i < 40; i++)
        {
            try
            {
                using var response = await server.Client.GetAsync("models");
                await response.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException)
            {
                // A broken connection is one of the ways.
            }
        }

        var entries = Ledger.Read(folder);
        Assert.That(entries.Count(entry => entry.Fault is null), Is.Zero);
        // A client may quietly send a GET again over a new connection when an old one breaks.
        Assert.That(entries, Has.Count.GreaterThanOrEqualTo(40));
        Assert.That(entries.Select(entry => entry.Fault).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(FaultMix.Usual.Count - 1));
    }
}
