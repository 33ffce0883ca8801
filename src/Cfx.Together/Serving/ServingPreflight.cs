using Cfx.Core.Generation;
using Cfx.Together.Store;

namespace Cfx.Together.Serving;

/// <summary>Looks, before money is spent on training, whether what comes out can be asked, and at a known price. Changes nothing.</summary>
public sealed class ServingPreflight
{
    private const string Reference = "-Reference";
    private readonly ServingOptions _options;
    private readonly IReadOnlyList<IServingRoute> _routes;
    private readonly Func<CancellationToken, Task<ServingWay?>> _decided;
    private readonly Func<string, CancellationToken, Task<bool>> _answers;

    internal ServingPreflight(
        ServingOptions options, IReadOnlyList<IServingRoute> routes, Func<CancellationToken, Task<ServingWay?>> decided, Func<string, CancellationToken, Task<bool>> answers)
    {
        _options = options;
        _routes = routes;
        _decided = decided;
        _answers = answers;
    }

    /// <summary>One finding for each base model.</summary>
    /// <param name="baseModels">What training starts from.</param>
    /// <param name="tunable">The models that can be fine-tuned; empty when the provider does not say.</param>
    /// <param name="mayAsk">Whether a model that has no price by the token may be asked for one token, to know whether it needs that price.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="ProviderException">The provider could not be reached.</exception>
    public async Task<IReadOnlyList<ServingFinding>> CheckAsync(
        IReadOnlyCollection<string> baseModels, IReadOnlyCollection<string> tunable, bool mayAsk, CancellationToken cancellationToken)
    {
        // That other models answered by name binds nobody; what is deployed goes on being deployed.
        var decided = await _decided(cancellationToken);
        var way = _options.Way ?? (decided is ServingWay.ByName ? null : decided);
        var findings = new List<ServingFinding>();
        foreach (var model in baseModels.Distinct(StringComparer.Ordinal))
        {
            findings.Add(tunable.Count > 0 && !tunable.Contains(model, StringComparer.Ordinal)
                ? new ServingFinding(ServingFindingKind.Problem, Untunable(model, tunable))
                : await ServableAsync(model, way, mayAsk, cancellationToken));
        }

        return findings;
    }

    private static string Untunable(string model, IReadOnlyCollection<string> tunable)
    {
        var nearest = NearestNames.Of(model, tunable, 3);
        return $"{model} cannot be fine-tuned at the provider; nearest that can: {string.Join(", ", nearest)}.";
    }

    private async Task<ServingFinding> ServableAsync(string model, ServingWay? way, bool mayAsk, CancellationToken cancellationToken)
    {
        if (way is ServingWay.ByName)
        {
            return ByName(model, "as --serving-way says");
        }

        var refusals = new List<string>();
        var isAnyApi = false;
        foreach (var route in _routes.Where(r => way is null || r.Way == way))
        {
            var offer = await route.OfferAsync(model, cancellationToken);
            isAnyApi |= !offer.IsApiMissing;
            if (offer.Refusal is null)
            {
                var isV1 = route.Way is ServingWay.Endpoint;
                if (await UnpricedAsync(model, way, route.Way, offer, mayAsk, cancellationToken) is { } unpriced)
                {
                    return unpriced;
                }

                var how = $"{model} can be served as a {(isV1 ? "v1 endpoint" : "v2 deployment")} on {offer.Hardware ?? "hardware not told"} at {ServingStatus.Price(offer.PricePerHour)}";
                return isV1
                    ? new ServingFinding(ServingFindingKind.Caution, how + "; many accounts may no longer create v1 endpoints, which shows only when one is created")
                    : new ServingFinding(ServingFindingKind.Ok, how + ", and so most likely what is trained from it");
            }

            refusals.Add(offer.Refusal);
        }

        if (way is null && !isAnyApi)
        {
            return ByName(model, "since this server has no other way");
        }

        var remedy = model.EndsWith(Reference, StringComparison.Ordinal)
            ? $"Reference models are often not deployable: take one that is, such as {model[..^Reference.Length]} if it can be fine-tuned"
            : "Take another base model";
        return new ServingFinding(
            ServingFindingKind.Problem,
            $"What is trained from {model} could not be asked: {string.Join(" ", refusals)} {remedy}, or give --serving-way=name if you know that its tuned models answer by name.");
    }

    private async Task<ServingFinding?> UnpricedAsync(
        string model, ServingWay? way, ServingWay route, ServingOffer offer, bool mayAsk, CancellationToken cancellationToken)
    {
        if (_options.AllowsUnknownPrices)
        {
            return null;
        }

        if (offer.PricePerHour is null)
        {
            var remedy = way is null ? " If you know that its tuned models answer by name, --serving-way=name needs no such price." : "";
            return Unpriced($"a minute of {model}, and of what is trained from it, as a {(route is ServingWay.Endpoint ? "v1 endpoint" : "v2 deployment")}", remedy);
        }

        // What answers by name has tuned models that may do so too, and is then paid by the token.
        return way is null && mayAsk && !_options.HasTokenPrice(model) && await _answers(model, cancellationToken)
            ? Unpriced($"a call to {model}, and to what is trained from it, by name")
            : null;
    }

    private static ServingFinding Unpriced(string what, string remedy = "") => new(ServingFindingKind.Unpriced, UnknownPrice.Of(what).Message + remedy);

    private ServingFinding ByName(string model, string why) => !_options.AllowsUnknownPrices && !_options.HasTokenPrice(model)
        ? Unpriced($"a call to {model}, and to what is trained from it, by name")
        : new ServingFinding(ServingFindingKind.Caution, $"{model} and what is trained from it are asked by name, {why}; whether tuned models answer shows only after training");
}
