using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Batch;

/// <summary>Buys a stage's answers by batch before the stage runs: they go into the response store under the keys of the stage's own calls, so that
/// it finds them there and asks only for what is missing.</summary>
/// <remarks>Batches are remembered on disk from before they exist. Whatever ends a run, a later one finds them, collects them, and asks for none of
/// their calls again.</remarks>
public sealed class BatchPrefetch
{
    private readonly ResponseStore _store;
    private readonly CallOrigin _origin;
    private readonly BatchOptions _options;
    private readonly ILogger _logger;
    private readonly BatchFolder _folder;
    private readonly BatchPlanner _planner;
    private readonly BatchSubmitter _submitter;
    private readonly BatchWatcher _watcher;

    /// <param name="client">The provider.</param>
    /// <param name="store">Holds the answers.</param>
    /// <param name="origin">As of the stage's own calls: it decides the keys.</param>
    /// <param name="options">How batches are made and followed.</param>
    /// <param name="terms">What may go by batch and what it costs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told the calls answered.</param>
    /// <param name="logger">Told what becomes of each batch.</param>
    /// <exception cref="MisuseException">An option is out of range.</exception>
    public BatchPrefetch(
        TogetherClient client, ResponseStore store, CallOrigin origin, BatchOptions options, BatchTerms terms, TimeProvider time, IProgressSink progress,
        ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _store = store;
        _origin = origin;
        _options = options;
        _logger = logger;
        _folder = new BatchFolder(options);
        _planner = new BatchPlanner(store, origin, options, terms, _folder, logger);
        _submitter = new BatchSubmitter(client, origin, options, terms, _folder, time, progress, logger);
        _watcher = new BatchWatcher(client, new BatchCollector(client, store, origin, terms, _folder, time, logger), _folder, options, time, progress, logger);
    }

    /// <summary>Has the answers to a stage's requests in the store, but for those that do not go by batch or failed there.</summary>
    /// <param name="requests">Opens the requests that the stage will make; called once for each round of batches.</param>
    /// <param name="cancellationToken">Stops; batches go on at the provider, and the next run collects them.</param>
    /// <exception cref="WorkPendingException">Batches go on: they were not to be followed, or the deadline passed.</exception>
    /// <exception cref="Core.Spending.BudgetReachedException">A batch would pass the budget.</exception>
    /// <exception cref="MisuseException">The provider offers no batches, and they were asked for.</exception>
    /// <exception cref="ProviderException">The provider could not be reached or refused.</exception>
    /// <exception cref="StageFailedException">The store or the folder cannot be written.</exception>
    public async Task<BatchSummary> RunAsync(Func<IAsyncEnumerable<ChatRequest>> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var mayBuy = _options.Mode != BatchMode.Direct;
        if (!mayBuy && _folder.IsEmpty)
        {
            return new BatchSummary(0, 0, 0);
        }

        var tally = new Tally();
        var underWay = await TakeUpAsync(cancellationToken);
        await LookAsync([.. underWay.Where(IsOwn)], underWay, tally, cancellationToken);
        for (var round = 0; mayBuy || underWay.Count > 0; round++)
        {
            await using var plan = await PlanAsync(requests, underWay, tally, mayBuy && round <= _options.Resends, cancellationToken);
            var awaited = plan.Awaited.ToList();
            foreach (var draft in plan.Drafts)
            {
                if (await SubmitAsync(draft, cancellationToken) is not { } batch)
                {
                    mayBuy = false;
                    break;
                }

                tally.Batches++;
                underWay.Add(batch);
                awaited.Add(batch);
            }

            if (awaited.Count == 0)
            {
                break;
            }

            await AwaitAsync(awaited, underWay, tally, cancellationToken);
        }

        return new BatchSummary(tally.Batches, tally.Answered, tally.Unanswered);
    }

    /// <summary>Creates the batches of a stage's missing answers and leaves without following them, so that several stages' batches run side by side.</summary>
    public async Task SubmitAsync(Func<IAsyncEnumerable<ChatRequest>> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (_options.Mode == BatchMode.Direct)
        {
            return;
        }

        var tally = new Tally();
        var underWay = await TakeUpAsync(cancellationToken);
        await LookAsync([.. underWay.Where(IsOwn)], underWay, tally, cancellationToken);
        await using var plan = await PlanAsync(requests, underWay, tally, mayBuy: true, cancellationToken);
        foreach (var draft in plan.Drafts)
        {
            if (await SubmitAsync(draft, cancellationToken) is null)
            {
                return;
            }
        }
    }

    private bool IsOwn(BatchUnderWay batch) => batch.Record.Study == _origin.Study;

    /// <summary>Plans; where calls are in a batch of another study of which it is not clear whether it exists, that is found out first.</summary>
    private async Task<BatchPlan> PlanAsync(
        Func<IAsyncEnumerable<ChatRequest>> requests, List<BatchUnderWay> underWay, Tally tally, bool mayBuy, CancellationToken cancellationToken)
    {
        while (true)
        {
            var plan = await _planner.PlanAsync(requests(), underWay, tally.Direct, mayBuy, cancellationToken);
            try
            {
                var gone = 0;
                foreach (var batch in plan.Awaited.Where(b => b.Record.State == BatchRecord.Creating))
                {
                    gone += !await _submitter.IsThereAsync(batch, cancellationToken) && underWay.Remove(batch) ? 1 : 0;
                }

                if (gone == 0)
                {
                    return plan;
                }
            }
            catch
            {
                await plan.DisposeAsync();
                throw;
            }

            await plan.DisposeAsync();
        }
    }

    /// <summary>Batches under way: this study's, whose state is cleared up, and others' of the same server, since their answers are everybody's.</summary>
    private async Task<List<BatchUnderWay>> TakeUpAsync(CancellationToken cancellationToken)
    {
        _folder.Create();
        var records = await _folder.ReadAsync(cancellationToken);
        _folder.Sweep(records);
        var underWay = new List<BatchUnderWay>();
        foreach (var record in records.Where(r => !r.IsFinished && r.Server == _origin.Server).OrderBy(r => r.Study != _origin.Study))
        {
            var isOwn = record.Study == _origin.Study;
            if ((isOwn ? await _submitter.ResumeAsync(record, cancellationToken) : await _submitter.PeekAsync(record, cancellationToken)) is { } batch)
            {
                _logger.LogDebug("Batch {Name} ({Id}) is under way", record.Name, batch.Record.BatchId);
                underWay.Add(batch);
            }
        }

        return underWay;
    }

    /// <returns>Null when the provider offers no batches and direct calls are as welcome.</returns>
    private async Task<BatchUnderWay?> SubmitAsync(BatchDraft draft, CancellationToken cancellationToken)
    {
        await _store.RequireWritableAsync();
        try
        {
            return await _submitter.SubmitAsync(draft, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode is 404 or 405 or 501)
        {
            if (_options.Mode == BatchMode.Auto)
            {
                _logger.LogWarning("Calls go one by one, since the provider seems to offer no batches: {Reason}", e.Message);
                return null;
            }

            throw new MisuseException($"The provider seems to offer no batches; use --mode=direct. {e.Message}", e);
        }
    }

    private async Task AwaitAsync(
        IReadOnlyList<BatchUnderWay> awaited, List<BatchUnderWay> underWay, Tally tally, CancellationToken cancellationToken)
    {
        if (_options.Wait)
        {
            await _watcher.FollowAsync(awaited, (batch, result) => Took(batch, result, underWay, tally), cancellationToken);
            return;
        }

        await LookAsync(awaited, underWay, tally, cancellationToken);
        var left = awaited.Where(underWay.Contains).ToList();
        if (left.Count > 0)
        {
            throw new WorkPendingException(
                $"{left.Sum(b => b.Record.Requests)} calls of {_origin.Stage} are with the provider in {left.Count} batches "
                + $"({string.Join(", ", left.Take(3).Select(b => b.Record.BatchId))}{(left.Count > 3 ? ", …" : "")}). Run the same target again to collect them.");
        }
    }

    private async Task LookAsync(
        IReadOnlyList<BatchUnderWay> batches, List<BatchUnderWay> underWay, Tally tally, CancellationToken cancellationToken)
    {
        foreach (var batch in batches.ToList())
        {
            if (await _watcher.LookAsync(batch, cancellationToken) is { } result)
            {
                Took(batch, result, underWay, tally);
            }
        }
    }

    private static void Took(BatchUnderWay batch, BatchResult result, List<BatchUnderWay> underWay, Tally tally)
    {
        underWay.Remove(batch);
        tally.Answered += result.Answered;
        tally.Unanswered += result.Unanswered;
        tally.Direct.UnionWith(result.Refused);
    }

    private sealed class Tally
    {
        public int Batches { get; set; }

        public int Answered { get; set; }

        public int Unanswered { get; set; }

        /// <summary>Calls that go one by one, since a batch of them was refused.</summary>
        public HashSet<string> Direct { get; } = new(StringComparer.Ordinal);
    }
}
