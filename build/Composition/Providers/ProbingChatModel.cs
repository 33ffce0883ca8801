using System.Globalization;
using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Cfx.Together.Store;

namespace Cfx.Build.Composition.Providers;

/// <summary>Asks models whether they answer by name. No answer of it is used, so none is stored; what it costs is an entry of the budget's own.</summary>
/// <param name="inner">Asks, without a meter.</param>
/// <param name="budget">Pays; null where nothing costs money.</param>
/// <param name="pricedAs">The model that has the price of another, such as a tuned one's base.</param>
/// <param name="time">Tells one question from the next.</param>
internal sealed class ProbingChatModel(IChatModel inner, StudyBudget? budget, Func<string, string> pricedAs, TimeProvider time) : IChatModel
{
    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (budget is null)
        {
            return await inner.CompleteAsync(request, cancellationToken);
        }

        var key = string.Create(CultureInfo.InvariantCulture, $"probe:{request.Model}@{time.GetUtcNow():O}");

        // A model that only a deployment answers for may have no price by the token; asking it costs nothing then, or shows up as without a known price.
        var price = budget.PriceOf(pricedAs(request.Model));
        if (price is not null)
        {
            await budget.ReserveAsync(
                key, "serving", $"asking {request.Model} by name", NanoUsd.ToUsd(TokenBounds.Nano(request, price)), cancellationToken);
        }

        ChatReply reply;
        try
        {
            reply = await inner.CompleteAsync(request, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode is >= 400 and < 500)
        {
            await budget.ReleaseAsync(key, CancellationToken.None);
            throw;
        }

        await budget.SettleAsync(
            key,
            price is not null && reply is { PromptTokens: { } prompt, CompletionTokens: { } completion } ? NanoUsd.ToUsd(price.NanoFor(prompt, completion)) : null,
            CancellationToken.None);
        return reply;
    }
}
