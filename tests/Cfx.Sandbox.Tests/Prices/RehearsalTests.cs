using System.Text.Json;
using Cfx.Sandbox.State;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Prices;

[CancelAfter(60_000)]
internal sealed class RehearsalTests
{
    // The fake models' prices are the usual ones: 0.20, 0.60 and 0.50 dollars per million tokens.
    private const string Question = """{"model":"fake/small","messages":[{"role":"user","content":"one two three"}]}""";

    [Test]
    public async Task A_paid_provider_says_nothing_of_its_content_and_everything_of_its_prices()
    {
        await using var free = await Harness.StartAsync(Harness.NewFolder());
        await using var paid = await StartAsync(Harness.NewFolder());

        Assert.That((await free.GetAsync("whoami"))["content_version"], Is.Not.Null);
        Assert.That((await paid.GetAsync("whoami")).AsObject().TryGetPropertyValue("content_version", out var none), Is.True, "it says so");
        Assert.That(none, Is.Null);
        Assert.That((await free.GetAsync("models"))[0]!["pricing"]!["output"]!.GetValue<decimal>(), Is.Zero);
        var price = (await paid.GetAsync("models"))[0]!["pricing"]!;
        Assert.That(
            (price["input"]!.GetValue<decimal>(), price["output"]!.GetValue<decimal>(), price["finetune"]!.GetValue<decimal>()),
            Is.EqualTo((0.20m, 0.60m, 0.50m)));
    }

    [Test]
    public async Task A_call_is_billed_by_its_tokens_also_when_its_reply_is_lost()
    {
        var folder = Harness.NewFolder();
        await using var server = await StartAsync(folder, "POST /chat/completions #2 drop-after", "POST /chat/completions #3 server-error");
        var usage = (await server.PostAsync("chat/completions", Question))["usage"]!;
        Assert.That(async () => await server.PostAsync("chat/completions", Question), Throws.InstanceOf<HttpRequestException>());
        await server.FailAsync(HttpMethod.Post, "chat/completions", Question);

        var expected = ((usage["prompt_tokens"]!.GetValue<int>() * 0.20m) + (usage["completion_tokens"]!.GetValue<int>() * 0.60m)) / 1_000_000m;
        Assert.That(
            Ledger.Read(folder).Select(entry => (entry.Status, entry.Delivered, entry.BilledUsd)),
            Is.EqualTo(new[] { (200, true, expected), (200, false, expected), (500, true, 0m) }));
    }

    [Test]
    public async Task A_job_costs_what_the_estimate_said_and_is_billed_once()
    {
        var folder = Harness.NewFolder();
        await using var server = await StartAsync(folder);
        var file = await server.UploadAsync(Harness.TrainingLines(10));
        var order = $$"""{"model":"fake/small","training_file":"{{file}}","n_epochs":3}""";
        var estimate = (await server.PostAsync("fine-tunes/estimate-price", order))["estimated_total_price"]!.GetValue<decimal>();
        var job = await server.FinishAsync((await server.PostAsync("fine-tunes", order))["id"]!.GetValue<string>());

        // Ten examples of two messages of two tokens, three times.
        Assert.That(estimate, Is.EqualTo(10 * 4 * 3 * 0.50m / 1_000_000m));
        Assert.That(job["total_price"]!.GetValue<long>(), Is.EqualTo((long)(estimate * 1_000_000_000m)));
        Assert.That(Ledger.Read(folder).Where(entry => entry.BilledUsd > 0).Select(entry => (entry.Event, entry.BilledUsd)), Is.EqualTo(new[] { ("job-billed", estimate) }));
    }

    [Test]
    public async Task A_batch_s_line_costs_half_of_a_direct_call()
    {
        var folder = Harness.NewFolder();
        await using var server = await StartAsync(folder);
        await server.PostAsync("chat/completions", Question);
        var file = await server.UploadAsync($$"""{"custom_id":"a","body":{{Question}}}""" + "\n", "b.jsonl", "batch-api");
        var id = (await server.PostAsync("batches", $$"""{"endpoint":"/v1/chat/completions","input_file_id":"{{file}}"}"""))["job"]!["id"]!.GetValue<string>();
        while ((await server.GetAsync("batches/" + id))["status"]!.GetValue<string>() is not "COMPLETED")
        {
        }

        var billed = Ledger.Read(folder).Where(entry => entry.BilledUsd > 0).Select(entry => entry.BilledUsd).ToList();
        Assert.That(billed, Has.Count.EqualTo(2));
        Assert.That(billed[1], Is.EqualTo(billed[0] / 2));
    }

    [Test]
    public async Task The_ledger_can_be_read_over_the_wire_without_a_key_or_a_trace()
    {
        var folder = Harness.NewFolder();
        await using var server = await StartAsync(folder);
        await server.PostAsync("chat/completions", Question);
        using var stranger = new HttpClient();
        var lines = (await stranger.GetStringAsync(new Uri(new Uri(server.Server.BaseUrl), "/sandbox/ledger"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(lines, Has.Length.EqualTo(1));
        using var line = JsonDocument.Parse(lines[0]);
        Assert.That(line.RootElement.GetProperty("path").GetString(), Is.EqualTo("/chat/completions"));
        Assert.That(line.RootElement.GetProperty("delivered").GetBoolean(), Is.True);
        Assert.That(line.RootElement.GetProperty("billed_usd").GetDecimal(), Is.GreaterThan(0m));
        Assert.That(Ledger.Read(folder), Has.Count.EqualTo(1));
    }

    private static Task<Harness> StartAsync(string folder, params string[] faults) =>
        Harness.StartAsync(folder, options => options with { IsRehearsal = true, FaultScript = [.. faults.Select(FaultRule.Parse)] });
}
