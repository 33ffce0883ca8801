namespace Cfx.Together.Batch;

/// <summary>A batch that exists at the provider and is not collected yet.</summary>
internal sealed class BatchUnderWay(BatchRecord record, BatchCalls calls)
{
    public BatchRecord Record { get; set; } = record;

    public BatchCalls Calls { get; } = calls;

    /// <summary>Share of the work done, 0 to 1, as last told.</summary>
    public double Done { get; set; }
}
