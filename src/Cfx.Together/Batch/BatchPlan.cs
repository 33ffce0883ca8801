namespace Cfx.Together.Batch;

/// <summary>What is to be bought by batch, and what is awaited already.</summary>
internal sealed class BatchPlan : IAsyncDisposable
{
    /// <summary>New batches, each with its file of calls.</summary>
    public List<BatchDraft> Drafts { get; } = [];

    /// <summary>Batches under way that hold at least one of the calls.</summary>
    public HashSet<BatchUnderWay> Awaited { get; } = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var draft in Drafts)
        {
            await draft.DisposeAsync();
        }
    }
}
