using System.Text;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Training;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Together.Tests;

/// <summary>Every way for a call to fail, with a server that repeats the key wherever it can; the fixture searches what was said.</summary>
[TestFixture]
public sealed class KeySecrecyTests : ClientFixture
{
    /// <summary>What a server that sends everything back would answer, also where the client looks for numbers.</summary>
    private static readonly Dictionary<string, string> EchoedHeaders = new(StringComparer.Ordinal)
    {
        ["Authorization"] = $"Bearer {Key}",
        ["x-request-id"] = $"Bearer {Key}",
        ["WWW-Authenticate"] = $"Bearer realm=\"{Key}\"",
        ["x-ratelimit-remaining"] = Key,
        ["x-ratelimit-reset"] = Key,
        ["Retry-After"] = Key,
    };

    private static readonly Answer[] Faults =
    [
        .. new[] { 302, 400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 503 }
            .SelectMany(s => new[]
            {
                Answer.Error(s, $"Invalid API key: {Key} (Bearer {Key})").With("x-request-id", Key),
                new Answer(s, $"plain {Key}"),
                new Answer(s, $$"""{"error":"{{Key}}"}"""),
                new Answer(s, $$$"""{"error":{"code":"{{{Key}}}"} }"""),
                new Answer(s, """{"error":{"message":"\u0074gp_v1_MARKED-secret-0123456789"}}"""),
            }),
        Answer.Ok($"not JSON {Key}"),
        Answer.Ok($$"""{"{{Key}}":"""),
        Answer.Ok($$$"""{"choices":"{{{Key}}}","data":"{{{Key}}}","status":{"a":"{{{Key}}}"} }"""),
        new Answer(200, Key, Break: Break.BeforeTheReply),
        new Answer(200, Key, Break: Break.WithinTheBody),
        .. new[] { 200, 400, 401, 429, 500 }.Select(s => new Answer(s, $"Authorization: Bearer {Key}", EchoedHeaders)),
        new Answer(307, "", new Dictionary<string, string>(StringComparer.Ordinal) { ["Location"] = "http://127.0.0.1:1/elsewhere" }),
        new Answer(302, Key, new Dictionary<string, string>(StringComparer.Ordinal) { ["Location"] = $"http://example.org/{Key}", ["X-Together-File-Id"] = Key }),
    ];

    [Test]
    public void No_fault_of_any_call_shows_the_key([Range(0, 9)] int call)
    {
        Use(Options with { Attempts = 2 });
        var path = Folder.WriteLines("t.jsonl", "{}");
        var request = new FineTuningRequest("m", "file-1", null, new Hyperparameters(1, 0, null, true, 8, 0, null), "s");
        (string Route, Func<Task> Send)[] calls =
        [
            (Chat, () => AskAsync()),
            ("GET /v1/models", () => Client.Models.ListAsync(CancellationToken.None)),
            ("POST /v1/files", () => Client.Files.UploadAsync(path, "fine-tune", Progress, CancellationToken.None)),
            ("GET /v1/files/f", () => Client.Files.GetAsync("f", CancellationToken.None)),
            ("GET /v1/files/f/content", () => Client.Files.DownloadAsync("f", new MemoryStream(), CancellationToken.None)),
            ("POST /v1/fine-tunes", () => Client.FineTuning.CreateAsync(request, CancellationToken.None)),
            ("GET /v1/fine-tunes", () => Client.FineTuning.ListAsync(CancellationToken.None)),
            ("GET /v1/fine-tunes/j", () => Client.FineTuning.GetAsync("j", CancellationToken.None)),
            ("GET /v1/fine-tunes/j/events", () => Client.FineTuning.EventsAsync("j", CancellationToken.None)),
            ("POST /v1/fine-tunes/estimate-price", () => Client.FineTuning.EstimateAsync(request, CancellationToken.None)),
        ];
        var (route, send) = calls[call];
        var failures = 0;
        foreach (var fault in Faults)
        {
            Server.Always(route, fault);
            try
            {
                send().GetAwaiter().GetResult();
            }
            catch (Exception e)
            {
                failures++;
                Assert.That(e, Is.InstanceOf<CfxException>(), fault.ToString());
                Assert.That(e.ToString(), Does.Not.Contain(Key), fault.ToString());
                Assert.That(e.Data, Is.Empty);
            }
        }

        Assert.That(failures, Is.GreaterThan(50));
        Assert.That(Server.Received.Where(r => r.Query.Contains(Key, StringComparison.Ordinal) || r.Body.Contains(Key, StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("https://no-such-host.invalid/v1")]
    [TestCase("https://127.0.0.1:1/v1")]
    [TestCase("http://127.0.0.1:1/v1")]
    public void A_server_that_cannot_be_reached_shows_no_key(string url)
    {
        Use(Options with { BaseUrl = new Uri(url), Attempts = 2 });
        Assert.That(Failure(() => AskAsync()).StatusCode, Is.Null);
        Assert.That(Logger.Lines, Is.Not.Empty);
    }

    [Test]
    public async Task The_store_keeps_no_key_from_answers_or_failures()
    {
        Use(Options with { Attempts = 2 });
        var path = Folder["responses.db"];
        await using (var store = ResponseStore.Open(new StoreOptions(path), Time, NullLogger.Instance))
        {
            var number = 0;
            foreach (var fault in Faults.Append(Answer.Ok(Completion($"the key is {Key}"))))
            {
                // Another lane for each: some faults end one for good.
                var chat = Client.ChatWith(new CallLimits(1, TimeSpan.Zero), null);
                var model = new StoredChatModel(chat, store, new CallOrigin("together test", "process", "study"), Time);
                Server.Always(Chat, fault);
                try
                {
                    await model.CompleteAsync(new ChatRequest("m", [], 0, 1, 1, ++number), CancellationToken.None);
                }
                catch (CfxException e)
                {
                    Assert.That(e.ToString(), Does.Not.Contain(Key));
                }
            }

            Assert.That(store.Counts.Asked, Is.EqualTo(1));
            Assert.That(store.Counts.Failed, Is.GreaterThan(50));
        }

        foreach (var file in Directory.GetFiles(Folder.Root))
        {
            Assert.That(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file)), Does.Not.Contain(Key), file);
        }
    }

    [Test]
    public void A_redirect_takes_neither_call_nor_key_elsewhere()
    {
        Server.Always(Chat, new Answer(307, "", new Dictionary<string, string>(StringComparer.Ordinal) { ["Location"] = new Uri(Server.Root, "/elsewhere").AbsoluteUri }));
        Assert.That(Failure(() => AskAsync()).StatusCode, Is.EqualTo(307));
        Assert.That(Server.Received.Select(r => r.Route), Is.EqualTo(new[] { Chat }));
    }

    [Test]
    public void Options_and_key_do_not_print_the_key()
    {
        Assert.That(Options.ToString(), Does.Not.Contain(Key));
        Assert.That(new ApiKey(Key).ToString(), Does.Not.Contain(Key));
    }

    [TestCase("")]
    [TestCase("tgp secret")]
    [TestCase("tgp\nsecret")]
    [TestCase("tgp_sécret")]
    public void A_key_that_cannot_be_one_is_refused_without_being_shown(string key)
    {
        var e = Assert.Throws<MisuseException>(() => _ = new ApiKey(key))!;
        Assert.That(e.Message, Does.Contain("TOGETHER_API_KEY"));
        Assert.That(e.Message, Does.Not.Contain("cret"));
    }
}
