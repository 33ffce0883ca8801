using System.Text.Json;
using Cfx.Core.Spending;
using Cfx.Together.Wire;

namespace Cfx.Together.Prices;

/// <summary>Reads prices from a provider's list of models.</summary>
/// <remarks>No source states the unit of these numbers. They are taken for US dollars for a million tokens, which fits the published prices; the
/// source's words say that this is assumed. Only the prices of direct calls are taken: what "finetune" and "hourly" mean is not stated either.</remarks>
public static class ApiPrices
{
    /// <summary>The models that have a price. 0 for both kinds of token is no price: it stands where the provider lists none.</summary>
    /// <param name="models">The provider's list.</param>
    /// <param name="provider">The provider's name, for people.</param>
    public static IReadOnlyList<ModelPrice> From(IReadOnlyList<ModelObject> models, string provider)
    {
        ArgumentNullException.ThrowIfNull(models);
        var prices = new List<ModelPrice>();
        foreach (var model in models)
        {
            if (model.Id is { } id && Number(model.Pricing, "input") is { } input && Number(model.Pricing, "output") is { } output && input + output > 0)
            {
                prices.Add(new ModelPrice(id, $"{provider}'s GET /models, taken for USD per million tokens") { Chat = new TokenPrice(input, output) });
            }
        }

        return prices;
    }

    private static decimal? Number(JsonElement pricing, string name) =>
        pricing.ValueKind == JsonValueKind.Object && pricing.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out var number) && number is >= 0 and < 1_000_000 ? number : null;
}
