using System.Net;
using System.Net.Sockets;
using System.Text;
using Cfx.Sandbox.State;
using Cfx.Sandbox.Tests.Support;

namespace Cfx.Sandbox.Tests.Http;

[CancelAfter(60_000)]
internal sealed class GatewayTests
{
    private const string Chat = """{"model":"fake/small","messages":[{"role":"user","content":"x"}]}""";

    [TestCase("GET", "nothing/here")]
    [TestCase("POST", "models")]
    [TestCase("GET", "upload/file-1")]
    [TestCase("GET", "fine-tunes/")]
    public async Task An_unknown_route_is_404_in_the_shape_of_the_API(string method, string path)
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        var (status, error) = await server.FailAsync(new HttpMethod(method), path);

        Assert.That(status, Is.EqualTo(404));
        Assert.That(error.AsObject().Select(field => field.Key), Is.EqualTo(new[] { "message", "type", "param", "code" }));
        Assert.That(error["message"]!.GetValue<string>(), Does.Contain(path));
    }

    [TestCase(null)]
    [TestCase("Bearer")]
    [TestCase("Bearer  ")]
    [TestCase("Basic abc")]
    public async Task Without_a_key_nothing_is_answered(string? header)
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Server.BaseUrl + "/models");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var client = new HttpClient();
        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await Harness.ReadAsync(response))["error"]!["code"]!.GetValue<string>(), Is.EqualTo("missing_api_key"));
    }

    [Test]
    public async Task A_key_is_nowhere_on_the_disk()
    {
        var folder = Harness.NewFolder();
        await using (var server = await Harness.StartAsync(folder))
        {
            await server.PostAsync("chat/completions", Chat);
            var file = await server.UploadAsync(Harness.TrainingLines(3));
            var job = await server.PostAsync(
                "fine-tunes",
                $$"""{"model":"fake/small","training_file":"{{file}}","wandb_api_key":"{{Harness.Key}}","wandb_key":"{{Harness.Key}}","hf_api_token":"{{Harness.Key}}"}""");
            await server.FinishAsync(job["id"]!.GetValue<string>());
            await server.FailAsync(HttpMethod.Get, "models/" + Harness.Key + "?key=" + Harness.Key);
        }

        var written = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToList();
        Assert.That(written, Has.Count.GreaterThan(4));
        foreach (var path in written)
        {
            Assert.That(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path)), Does.Not.Contain(Harness.Key), path);
            Assert.That(path, Does.Not.Contain(Harness.Key));
        }
    }

    [Test]
    public async Task The_ledger_keeps_every_request_before_its_reply_is_sent()
    {
        var folder = Harness.NewFolder();
        await using var server = await Harness.StartAsync(folder, options => options with { FaultScript = [FaultRule.Parse("GET /files #1 drop-after")] }, new ManualTime());
        await server.PostAsync("chat/completions", Chat);
        await server.FailAsync(HttpMethod.Get, "files/file-1");
        await server.FailAsync(HttpMethod.Get, "no/such?secret=1");
        Assert.That(async () => await server.GetAsync("files"), Throws.InstanceOf<HttpRequestException>());

        var entries = Ledger.Read(folder);

        Assert.That(entries.Select(entry => (entry.Index, entry.Method, entry.Route, entry.Status, entry.Model, entry.Fault)), Is.EqualTo(new (long, string, string, int, string?, string?)[]
        {
            (0L, "POST", "/chat/completions", 200, FakeModelHost.Small, null),
            (1L, "GET", "/files/{id}", 404, null, null),
            (2L, "GET", "unknown", 404, null, null),
            (3L, "GET", "/files", 200, null, "drop-after"),
        }));
        Assert.That(entries[0].RequestHash, Is.EqualTo(ContentId.Of(Encoding.UTF8.GetBytes(Chat))));
        Assert.That(entries[0].BytesIn, Is.EqualTo(Chat.Length));
        Assert.That(entries[0].BytesOut, Is.GreaterThan(100));
        Assert.That(entries[0].Time, Is.EqualTo(new ManualTime().GetUtcNow()));
    }

    [Test]
    public async Task A_torn_line_of_the_ledger_spoils_neither_its_neighbours_nor_what_follows()
    {
        var folder = Harness.NewFolder();
        await using (var server = await Harness.StartAsync(folder))
        {
            await server.GetAsync("models");
        }

        await File.AppendAllTextAsync(Path.Combine(folder, "ledger.jsonl"), """{"time":"2026-""");
        await using (var server = await Harness.StartAsync(folder))
        {
            await server.GetAsync("files");
        }

        Assert.That(Ledger.Read(folder).Select(entry => entry.Route), Is.EqualTo(new[] { "/models", "/files" }));
    }

    [Test]
    public async Task Latency_holds_a_request_back_until_the_clock_has_moved(CancellationToken cancellationToken)
    {
        var time = new ManualTime();
        await using var server = await Harness.StartAsync(Harness.NewFolder(), options => options with { Latency = TimeSpan.FromSeconds(5) }, time);
        var asked = server.GetAsync("models");
        await time.SomebodyWaitsAsync(cancellationToken);
        time.Advance(TimeSpan.FromSeconds(4.9));

        Assert.That(asked.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.That((await asked).AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Above_the_rate_requests_are_refused_until_time_has_passed()
    {
        var time = new ManualTime();
        await using var server = await Harness.StartAsync(
            Harness.NewFolder(), options => options with { RequestsPerSecond = 0.5, RateLimitBurst = 2 }, time);
        var replies = new List<HttpResponseMessage>();
        for (var i = 0; i < 3; i++)
        {
            replies.Add(await server.Client.GetAsync("models"));
        }

        time.Advance(TimeSpan.FromSeconds(2));
        replies.Add(await server.Client.GetAsync("models"));

        Assert.That(replies.Select(reply => (int)reply.StatusCode), Is.EqualTo(new[] { 200, 200, 429, 200 }));
        Assert.That(replies.Select(reply => reply.Headers.GetValues("x-ratelimit-remaining").Single()), Is.EqualTo(new[] { "1", "0", "0", "0" }));
        Assert.That(replies[0].Headers.GetValues("x-ratelimit-limit").Single(), Is.EqualTo("0.5"));
        Assert.That(replies[2].Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(2)));
        replies.ForEach(reply => reply.Dispose());
    }

    [Test]
    public async Task A_429_may_keep_silent_about_when_to_come_back()
    {
        await using var server = await Harness.StartAsync(
            Harness.NewFolder(), options => options with { SendsRetryAfter = false, FaultScript = [FaultRule.Parse("GET /models #1 rate-limited")] });
        using var response = await server.Client.GetAsync("models");

        Assert.That((int)response.StatusCode, Is.EqualTo(429));
        Assert.That(response.Headers.RetryAfter, Is.Null);
    }

    [Test]
    public async Task A_request_that_breaks_off_harms_no_other()
    {
        await using var server = await Harness.StartAsync(Harness.NewFolder());
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Server.BaseUrl).Port);
            await socket.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Length: 500\r\n\r\n{\"mod"));
        }

        Assert.That((await server.PostAsync("chat/completions", Chat))["choices"]!.AsArray(), Has.Count.EqualTo(1));
    }
}
