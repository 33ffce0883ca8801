using System.Collections.Concurrent;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Spending;

namespace Cfx.Together.Store;

/// <summary>Charges the calls of one stage to its study's budget.</summary>
public sealed class StudyMeter : ICallMeter
{
    private readonly StudyBudget _budget;
    private readonly PriceBook? _prices;
    private readonly ConcurrentDictionary<string, string?> _pricedAs = new(StringComparer.Ordinal);

    internal StudyMeter(StudyBudget budget, string stage, PriceBook? prices)
    {
        _budget = budget;
        Stage = stage;
        _prices = prices;
    }

    /// <summary>The stage that buys.</summary>
    public string Stage { get; }

    /// <summary>A model that is priced like another, as a tuned model that is served by its name is like its base.</summary>
    public void PricedAs(string model, string like) => _pricedAs[model] = like;

    /// <summary>A model whose calls cost nothing by themselves, since what serves it is paid by the minute.</summary>
    public void PaidByTheMinute(string model) => _pricedAs[model] = null;

    /// <inheritdoc/>
    public ICallCharge Open(ChatRequest request) => _budget.Open(this, request, MostOf(request));

    /// <inheritdoc/>
    public Task<ICallCharge> OpenAsync(ChatRequest request, CancellationToken cancellationToken) =>
        _budget.OpenAsync(this, request, MostOf(request), cancellationToken);

    /// <summary>What a reply is charged: by its token counts, and the most that the call could cost where there are none; null when the price is
    /// not known.</summary>
    public decimal? PriceUsd(ChatRequest request, ChatReply reply) => Nano(request, reply) is { } nano ? NanoUsd.ToUsd(nano) : null;

    /// <summary>Ends when no attempt is under way.</summary>
    internal Task WhenQuietAsync(CancellationToken cancellationToken) => _budget.WhenQuietAsync(cancellationToken);

    /// <summary>Stores an answer, and in the same transaction counts as spent what was set aside for it.</summary>
    internal Task<StoredAnswer> StoreAsync(ResponseStore store, StoredAnswer answer) => _budget.StoreAsync(store, answer);

    /// <summary>The most that a call can cost, in billionths of a dollar; null when that is not known and need not be.</summary>
    /// <exception cref="MisuseException">It is not known, and that was not allowed.</exception>
    private long? MostOf(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var price = Price(request.Model);
        if (price is null && !_budget.AllowsUnknownPrices)
        {
            throw UnknownPrice.Of(request.Model);
        }

        return price is null ? null : TokenBounds.Nano(request, price);
    }

    internal long? Nano(ChatRequest request, ChatReply reply)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(reply);
        return Price(request.Model) is not { } price ? null
            : reply is { PromptTokens: { } prompt, CompletionTokens: { } completion } ? price.NanoFor(prompt, completion)
            : TokenBounds.Nano(request, price);
    }

    private TokenPrice? Price(string model)
    {
        var prices = _prices ?? _budget.Prices;
        return !_pricedAs.TryGetValue(model, out var like) ? prices.Chat(model) : like is null ? TokenPrice.Free : prices.Chat(like);
    }
}
