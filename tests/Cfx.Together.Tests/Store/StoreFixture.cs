using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Tests;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Together.Tests.Store;

/// <summary>A folder with a store, and ways to ask through it.</summary>
public abstract class StoreFixture
{
    protected const string Server = "together api.together.ai/v1";

    protected TemporaryFolder Folder { get; private set; } = null!;

    protected SkippingTime Time { get; private set; } = null!;

    protected StoreOptions Options => new(Folder["responses.db"]);

    [SetUp]
    public void Begin()
    {
        Folder = new TemporaryFolder();
        Time = new SkippingTime();
    }

    [TearDown]
    public void End() => Folder.Dispose();

    protected ResponseStore Open(StoreOptions? options = null) => ResponseStore.Open(options ?? Options, Time, NullLogger.Instance);

    protected StoreMaintenance Maintain(StoreOptions? options = null) => StoreMaintenance.Open(options ?? Options, NullLogger.Instance);

    protected StoredChatModel Through(ResponseStore store, IChatModel inner, CallOrigin? origin = null) =>
        new(inner, store, origin ?? Origin(), Time);

    protected static CallOrigin Origin(string server = Server, string stage = "process", string study = "study") =>
        new(server, stage, study) { Price = (_, reply) => reply.CompletionTokens * 0.000_001m };

    protected static ChatRequest Request(string text = "hello", string model = "org/model") =>
        new(model, [new Message(Roles.System, "be brief"), new Message(Roles.User, text)], 0.3, 0.9, 1000, 5);

    /// <summary>Asks in a run of its own.</summary>
    protected async Task<IReadOnlyList<ChatReply>> AskAsync(IChatModel inner, CallOrigin origin, params string[] texts)
    {
        await using var store = Open();
        var model = Through(store, inner, origin);
        var replies = new List<ChatReply>();
        foreach (var text in texts)
        {
            replies.Add(await model.CompleteAsync(Request(text), CancellationToken.None));
        }

        return replies;
    }
}
