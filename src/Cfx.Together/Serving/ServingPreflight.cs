using Cfx.Core.Generation;

namespace Cfx.Together.Serving;

/// <summary>Looks, before money is spent on training, whether what comes out can be asked. Changes nothing.</summary>
public sealed class ServingPreflight
{
    private const string Reference = "-Reference";
    private readonly ServingOptions _options;
    private readonly IReadOnlyList<IServingRoute> _routes;

    internal ServingPreflight(ServingOptions options, IReadOnlyList<IServingRoute> routes)
    {
        _options = options;
        _routes = routes;
    }

    /// <summary>One finding for each base model.</summary>
    /// <param name="baseModels">What training starts from.</param>
    /// <param name="tunable">The models that can be fine-tuned; empty when the provider does not say.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="ProviderException">The provider could not be reached.</exception>
    public async Task<IReadOnlyList<ServingFinding>> CheckAsync(
        IReadOnlyCollection<string> baseModels, IReadOnlyCollection<string> tunable, CancellationToken cancellationToken)
    {
        var findings = new List<ServingFinding>();
        foreach (var model in baseModels.Distinct(StringComparer.Ordinal))
        {
            findings.Add(tunable.Count > 0 && !tunable.Contains(model, StringComparer.Ordinal)
                ? new ServingFinding(ServingFindingKind.Problem, Untunable(model, tunable))
                : await ServableAsync(model, cancellationToken));
        }

        return findings;
    }

    private static string Untunable(string model, IReadOnlyCollection<string> tunable)
    {
        var nearest = NearestNames.Of(model, tunable, 3);
        return $"{model} cannot be fine-tuned at the provider; nearest that can: {string.Join(", ", nearest)}.";
    }

    private async Task<ServingFinding> ServableAsync(string model, CancellationToken cancellationToken)
    {
        if (_options.Way is ServingWay.ByName)
        {
            return ByName(model, "as --serving-way says");
        }

        var refusals = new List<string>();
        var isAnyApi = false;
        foreach (var route in _routes.Where(r => _options.Way is null || r.Way == _options.Way))
        {
            var offer = await route.OfferAsync(model, cancellationToken);
            isAnyApi |= !offer.IsApiMissing;
            if (offer.Refusal is null)
            {
                var isV1 = route.Way is ServingWay.Endpoint;
                var how = $"{model} can be served as a {(isV1 ? "v1 endpoint" : "v2 deployment")} on {offer.Hardware ?? "hardware not told"} at {ServingStatus.Price(offer.PricePerHour)}";
                return isV1
                    ? new ServingFinding(ServingFindingKind.Caution, how + "; many accounts may no longer create v1 endpoints, which shows only when one is created")
                    : new ServingFinding(ServingFindingKind.Ok, how + ", and so most likely what is trained from it");
            }

            refusals.Add(offer.Refusal);
        }

        if (_options.Way is null && !isAnyApi)
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

    private static ServingFinding ByName(string model, string why) => new(
        ServingFindingKind.Caution, $"{model} and what is trained from it are asked by name, {why}; whether tuned models answer shows only after training");
}
