using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Together.Batch;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Together.Tests.Batch;

/// <summary>Runs as a stage would have them: each opens store and folder anew.</summary>
public abstract class BatchFixture : ClientFixture
{
    private protected BatchProvider Provider { get; private set; } = null!;

    protected BatchOptions Batches { get; set; } = null!;

    protected BatchTerms Terms { get; set; } = null!;

    [SetUp]
    public void BeginBatches()
    {
        Provider = new BatchProvider(Server);
        Batches = new BatchOptions(Folder["batches"]);
        Terms = new BatchTerms();
        Study = "study";
    }

    /// <summary>The study that runs.</summary>
    protected string Study { get; set; } = "study";

    protected CallOrigin Origin(string stage = "process") => new("together x", stage, Study)
    {
        Price = (_, reply) => reply.CompletionTokens * 0.01m,
        ModelIdentity = (model, _) => Task.FromResult(model.StartsWith("tuned", StringComparison.Ordinal) ? "job-7" : null),
    };

    protected static ChatRequest Request(string text, string model = "org/model") =>
        new(model, [new Message(Roles.System, "be brief"), new Message(Roles.User, text)], 0.3, 0.9, 1000, 5);

    protected static IEnumerable<string> Texts(int count) => Enumerable.Range(1, count).Select(i => $"question {i}");

    /// <summary>One run of the prefetch.</summary>
    protected async Task<BatchSummary> FetchAsync(IEnumerable<ChatRequest> requests, string stage = "process")
    {
        await using var store = OpenStore();
        return await Prefetch(store, stage).RunAsync(() => requests.ToAsyncEnumerable(), CancellationToken.None);
    }

    protected Task<BatchSummary> FetchAsync(params IEnumerable<string> texts) => FetchAsync(texts.Select(t => Request(t)));

    private protected ResponseStore OpenStore() => ResponseStore.Open(new StoreOptions(Folder["responses.db"]), Time, NullLogger.Instance);

    private protected BatchPrefetch Prefetch(ResponseStore store, string stage = "process") =>
        new(Client, store, Origin(stage), Batches, Terms, Time, Progress, Logger);

    /// <summary>What the stage then gets; it fails when a call is not in the store, unless direct calls are answered.</summary>
    protected async Task<IReadOnlyList<ChatReply>> StageAsync(IEnumerable<ChatRequest> requests)
    {
        await using var store = OpenStore();
        var model = new StoredChatModel(Client.Chat, store, Origin(), Time);
        var replies = new List<ChatReply>();
        foreach (var request in requests)
        {
            replies.Add(await model.CompleteAsync(request, CancellationToken.None));
        }

        return replies;
    }

    protected Task<IReadOnlyList<ChatReply>> StageAsync(params IEnumerable<string> texts) => StageAsync(texts.Select(t => Request(t)));

    /// <summary>The files in the batch folder, by name.</summary>
    protected IReadOnlyList<string> Files(string pattern) =>
        [.. Directory.GetFiles(Batches.Folder, pattern).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
}
