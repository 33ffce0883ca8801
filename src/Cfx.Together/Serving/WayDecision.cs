using Cfx.Core;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Serving;

/// <summary>Decides once how all contestants of a study are served, since an arm that is served otherwise than the rest is no fair contestant.</summary>
internal sealed class WayDecision(
    ServingOptions options, IReadOnlyList<IServingRoute> routes, IServingRecords records, IChatModel direct, TimeProvider time, ILogger logger)
{
    /// <summary>The way, decided earlier or now.</summary>
    /// <param name="model">The model that is asked for first.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="StageFailedException">There is no way that serves all.</exception>
    public async Task<ServingWay> DecideAsync(string model, CancellationToken cancellationToken)
    {
        var key = options.DecisionKey;
        var kept = await records.ReadDecisionAsync(key, cancellationToken);
        List<string> models = [.. (await options.Contestants(cancellationToken)).Append(model).Distinct(StringComparer.Ordinal)];
        if (options.Way is null && kept is not null && Holds(kept, models))
        {
            return kept.Way;
        }

        var way = options.Way ?? await FindAsync(models, cancellationToken);
        if (kept?.Way != way || options.Way is null)
        {
            if (kept is not null && kept.Way != way)
            {
                logger.LogWarning(
                    "The models of this study are served {Way} from now on, and were served {Earlier} before: what is asked from now on is asked in the new way, also "
                    + "what was answered in the old one. Responses that are up to date stay as they are; --target=Respond --force makes them again",
                    ServingWays.Words(way), ServingWays.Words(kept.Way));
            }

            var decision = new ServingDecision
            {
                Server = options.Server,
                Study = options.Study,
                Way = way,
                Contestants = options.Way is null ? models : null,
                DecidedAt = time.GetUtcNow(),
            };
            await records.WriteDecisionAsync(key, decision, cancellationToken);
        }

        logger.LogInformation("All models that meet are served {Way}", ServingWays.Words(way));
        return way;
    }

    // What is deployed serves whatever else is trained; that a model answers by name says nothing of the next one.
    private static bool Holds(ServingDecision kept, IReadOnlyList<string> models) =>
        kept.Way is not ServingWay.ByName || (kept.Contestants is { } asked && models.All(m => asked.Contains(m, StringComparer.Ordinal)));

    private async Task<ServingWay> FindAsync(IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        var silent = new List<string>();
        foreach (var model in models)
        {
            if (!await AnswersAsync(model, cancellationToken))
            {
                silent.Add(model);
            }
        }

        if (silent.Count == 0)
        {
            return ServingWay.ByName;
        }

        logger.LogInformation("{Models} cannot be asked by name", string.Join(", ", silent));
        var refusals = new List<string>();
        foreach (var route in routes)
        {
            var refused = await FirstRefusalAsync(route, models, cancellationToken);
            if (refused is null)
            {
                return route.Way;
            }

            refusals.Add(refused);
        }

        throw new StageFailedException(
            $"There is no one way to serve {string.Join(", ", models)}: {string.Join(", ", silent)} cannot be asked by name; {string.Join(" ", refusals)} "
            + "Choose a base model whose tuned models can be served, or a way with --serving-way.");
    }

    private static async Task<string?> FirstRefusalAsync(IServingRoute route, IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        foreach (var model in models)
        {
            if ((await route.OfferAsync(model, cancellationToken)).Refusal is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Whether a model answers by its own name; asked for one token.</summary>
    /// <exception cref="ProviderException">Asking went wrong.</exception>
    public async Task<bool> AnswersAsync(string model, CancellationToken cancellationToken)
    {
        try
        {
            await direct.CompleteAsync(new ChatRequest(model, [new Message(Roles.User, "Hi")], 0, 1, 1, null), cancellationToken);
            return true;
        }
        catch (ProviderException e) when (ServingFaults.IsNoSuchModel(e))
        {
            return false;
        }
    }
}
