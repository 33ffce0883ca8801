using Cfx.Core.Generation;
using Cfx.Core.Spending;

namespace Cfx.Together.Batch;

/// <summary>What may go by batch, what it costs, and whose money it is.</summary>
public sealed record BatchTerms
{
    /// <summary>Whether a model is served by the very name that it has in the request; one that is deployed under another name cannot be.</summary>
    public Func<string, bool> MayBatch { get; init; } = static _ => true;

    /// <summary>The most that a call can cost when made directly, in US dollars; null when not known.</summary>
    public Func<ChatRequest, decimal?> MostUsd { get; init; } = static _ => null;

    /// <summary>A model's batch price as a share of its direct price, such as 0.5; null where no batch price is known, which counts as 1.</summary>
    public Func<string, decimal?> Share { get; init; } = static _ => null;

    /// <summary>What is done to a request before it is sent or looked up, as it is to the stage's own calls.</summary>
    public Func<ChatRequest, ChatRequest> Prepare { get; init; } = static request => request;

    /// <summary>Asked before a batch is created; null for no limit.</summary>
    public IBudget? Budget { get; init; }
}
