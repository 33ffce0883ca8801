using Cfx.Core.Generation;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Batch;

/// <summary>Finds out what a stage still has to buy, and writes it down in files of the size that a batch may have.</summary>
internal sealed class BatchPlanner(
    ResponseStore store, CallOrigin origin, BatchOptions options, BatchTerms terms, BatchFolder folder, ILogger logger)
{
    private readonly Dictionary<string, string?> _identities = new(StringComparer.Ordinal);

    /// <summary>Reads the requests once.</summary>
    /// <param name="requests">What the stage will ask.</param>
    /// <param name="underWay">Batches whose calls must not be made a second time.</param>
    /// <param name="direct">Ids of calls that are not to go by batch.</param>
    /// <param name="mayBuy">Whether new batches are wanted.</param>
    /// <param name="cancellationToken">Stops; nothing of the files remains.</param>
    public async Task<BatchPlan> PlanAsync(
        IAsyncEnumerable<ChatRequest> requests, IReadOnlyList<BatchUnderWay> underWay, IReadOnlySet<string> direct, bool mayBuy,
        CancellationToken cancellationToken)
    {
        var plan = new BatchPlan();
        var open = new Dictionary<string, BatchDraft>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (var asked in requests.WithCancellation(cancellationToken))
            {
                var request = terms.Prepare(asked);
                var call = BatchCall.Of(origin.Server, await IdentityAsync(request.Model, cancellationToken), request);
                if (!seen.Add(call.Id) || store.Find(call.Key) is not null || store.GivenUp(call.Key, request.Model) is not null)
                {
                    // Who asks directly for what is not sent any more is told why.
                    continue;
                }

                if (underWay.FirstOrDefault(b => b.Calls.Contains(call.Id)) is { } batch)
                {
                    plan.Awaited.Add(batch);
                }
                else if (mayBuy && !direct.Contains(call.Id) && terms.MayBatch(request.Model))
                {
                    await AddAsync(plan, open, call, cancellationToken);
                }
            }

            if (options.Mode == BatchMode.Auto)
            {
                await DropSmallAsync(plan);
            }

            return plan;
        }
        catch
        {
            await plan.DisposeAsync();
            throw;
        }
    }

    private async Task AddAsync(BatchPlan plan, Dictionary<string, BatchDraft> open, BatchCall call, CancellationToken cancellationToken)
    {
        var model = call.Request.Model;
        var identity = _identities[model];
        var line = call.Line();
        if (line.Length + 1 > options.MaxBytes || BatchCall.Read(line, origin.Server, identity) is null)
        {
            // Too large, or with half a character that no file can hold: the direct call tells what is wrong with it.
            return;
        }

        if (!open.TryGetValue(model, out var draft) || draft.Count >= options.MaxRequests || draft.Bytes + line.Length + 1 > options.MaxBytes)
        {
            draft = new BatchDraft(folder.Draft(plan.Drafts.Count), model, identity);
            plan.Drafts.Add(draft);
            open[model] = draft;
        }

        await draft.AddAsync(call.Id, line, terms.MostUsd(call.Request), cancellationToken);
    }

    private async Task DropSmallAsync(BatchPlan plan)
    {
        foreach (var model in plan.Drafts.GroupBy(d => d.Model, StringComparer.Ordinal).ToList())
        {
            var count = model.Sum(d => d.Count);
            var reason = count < options.AutoThreshold ? "they are few" : terms.IsDearer(model.Key) ? "a batch is dearer" : null;
            if (reason is null)
            {
                continue;
            }

            logger.LogInformation("{Count} calls to {Model} go one by one: {Reason}", count, model.Key, reason);
            foreach (var draft in model)
            {
                plan.Drafts.Remove(draft);
                await draft.DisposeAsync();
            }
        }
    }

    private async Task<string?> IdentityAsync(string model, CancellationToken cancellationToken)
    {
        if (!_identities.TryGetValue(model, out var identity))
        {
            _identities[model] = identity = await origin.ModelIdentity(model, cancellationToken);
        }

        return identity;
    }
}
