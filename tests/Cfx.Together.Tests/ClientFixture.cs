using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Tests;

namespace Cfx.Together.Tests;

/// <summary>A client, its server, and after each test the search for the key in everything that was said.</summary>
public abstract class ClientFixture
{
    protected const string Key = "tgp_v1_MARKED-secret-0123456789";
    protected const string Chat = "POST /v1/chat/completions";

    protected ScriptedServer Server { get; private set; } = null!;

    protected TogetherClient Client { get; private set; } = null!;

    protected SkippingTime Time { get; private set; } = null!;

    protected RecordingLogger<TogetherClient> Logger { get; private set; } = null!;

    protected RecordingProgress Progress { get; private set; } = null!;

    protected TemporaryFolder Folder { get; private set; } = null!;

    protected TogetherOptions Options => new("together", Server.BaseUrl, new ApiKey(Key)) { RequestTimeout = TimeSpan.FromMinutes(10) };

    [SetUp]
    public async Task BeginAsync()
    {
        Server = await ScriptedServer.StartAsync();
        Time = new SkippingTime(TimeSpan.FromMinutes(5));
        Logger = new RecordingLogger<TogetherClient>();
        Progress = new RecordingProgress();
        Folder = new TemporaryFolder();
        Use(Options);
    }

    [TearDown]
    public async Task EndAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Folder.Dispose();
        Assert.That(Logger.Lines, Has.None.Contains(Key));
    }

    protected void Use(TogetherOptions options)
    {
        Client?.Dispose();
        Client = new TogetherClient(options, Time, Logger);
    }

    protected Task<ChatReply> AskAsync(string model = "org/model") => Client.Chat.CompleteAsync(
        new ChatRequest(model, [new Message(Roles.User, "hello")], 0.3, 0.9, 1000, 5), CancellationToken.None);

    protected static string Completion(string content = "hi", string? finish = "stop")
    {
        var reason = finish is null ? "null" : $"\"{finish}\"";
        var text = content is "null" ? content : $"\"{content}\"";
        return $$$"""
            {"id":"c","object":"chat.completion","created":1700000000,"model":"m","prompt":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7},
             "choices":[{"index":0,"finish_reason":{{{reason}}},"message":{"role":"assistant","content":{{{text}}} }}]}
            """;
    }

    /// <summary>The error of a call, after looking for the key in all that it would show.</summary>
    protected static ProviderException Failure(Func<Task> call)
    {
        var e = Assert.ThrowsAsync<ProviderException>(call)!;
        Assert.That(e.ToString(), Does.Not.Contain(Key));
        Assert.That(e.Message, Does.Not.Contain('\n'));
        Assert.That(e.InnerException, Is.Null, "an inner exception could carry the request");
        return e;
    }
}
