using Cfx.Core.Generation;
using Cfx.Core.Spending;

namespace Cfx.Together.Batch;

/// <summary>What may go by batch, what it costs, and whose money it is.</summary>
public sealed record BatchTerms
{
    /// <summary>Whether a model is served by the very name that it has in the request; one that is deployed under another name cannot be.</summary>
    public Func<string, bool> MayBatch { get; init; } = static _ => true;

    /// <summary>The most that a call can cost by batch, in US dollars, the direct price standing in where no batch price is known; null when not
    /// known.</summary>
    public Func<ChatRequest, decimal?> MostUsd { get; init; } = static _ => null;

    /// <summary>What a model's reply cost by batch, in US dollars; null when not known. Without it the direct price counts.</summary>
    public Func<string, ChatReply, decimal?>? PriceUsd { get; init; }

    /// <summary>Whether a model's calls are known to cost more by batch than directly.</summary>
    public Func<string, bool> IsDearer { get; init; } = static _ => false;

    /// <summary>What is done to a request before it is sent or looked up, as it is to the stage's own calls.</summary>
    public Func<ChatRequest, ChatRequest> Prepare { get; init; } = static request => request;

    /// <summary>The budget of a study, asked before a batch of it is created; null for no limit. What its answers cost is counted by the store, under
    /// the batch's entry; the entry is settled with what is left beside them. A batch that another study bought is settled with that study's.</summary>
    public Func<string, IBudget?> BudgetOf { get; init; } = static _ => null;
}
