using System.Collections.Concurrent;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Spending;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Serving;

/// <summary>Serves models for as long as they are asked: each from its first call until it is stopped, at the latest with this object.</summary>
/// <remarks>Safe to call from many threads. Disposing stops everything that this object started or took over.</remarks>
public sealed class ModelServing : IAsyncDisposable
{
    private readonly ServingOptions _options;
    private readonly IReadOnlyList<IServingRoute> _routes;
    private readonly IServingRecords _records;
    private readonly LeaseBook _book;
    private readonly LeaseStarter _starter;
    private readonly LeaseStopper _stopper;
    private readonly WayDecision _decision;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConcurrentDictionary<string, Lazy<Task<Lease>>> _leases = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ending = new();
    private ServingWay? _way;
    private bool _disposed;

    /// <param name="options">How to serve.</param>
    /// <param name="client">The provider's serving APIs; stays the caller's.</param>
    /// <param name="direct">Asks models by their own name.</param>
    /// <param name="records">Where leases are kept.</param>
    /// <param name="budget">Told of all minutes; null where nothing costs.</param>
    /// <param name="time">Counts the minutes.</param>
    /// <param name="logger">Told of each step.</param>
    public ModelServing(
        ServingOptions options, ServingClient client, IChatModel direct, IServingRecords records, IBudget? budget, TimeProvider time, ILogger logger)
    {
        _options = options;
        _records = records;
        _time = time;
        _logger = logger;
        _routes = [new DeploymentRoute(client, options), new EndpointRoute(client, options)];
        _book = new LeaseBook(options, records, budget, time);
        _stopper = new LeaseStopper(options, records, _book, time, logger);
        _starter = new LeaseStarter(options, records, _book, _stopper, time, logger);
        _decision = new WayDecision(options, _routes, records, direct, time, logger);
        Inventory = new ServingInventory(options, _routes, records, _stopper, time, logger);
        Preflight = new ServingPreflight(options, _routes, DecidedAsync, _decision.AnswersAsync);
    }

    /// <summary>What is there at the provider.</summary>
    public ServingInventory Inventory { get; }

    /// <summary>Whether models could be served, before anything is trained.</summary>
    public ServingPreflight Preflight { get; }

    /// <summary>Where a model can be asked now; the first call starts it, and all others wait for that.</summary>
    /// <exception cref="StageFailedException">It could not be served; nothing of it runs on.</exception>
    /// <exception cref="BudgetReachedException">Its minutes would pass the budget; it is stopped.</exception>
    /// <exception cref="ProviderException">The provider could not be reached or refused.</exception>
    public async Task<ServedName> ServeAsync(string model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var way = await WayAsync(model, cancellationToken);
        if (way is ServingWay.ByName)
        {
            return new ServedName(way, model);
        }

        while (true)
        {
            // A start outlives the call that began it, since others wait for the same.
            var start = _leases.GetOrAdd(model, m => new Lazy<Task<Lease>>(() => StartAsync(m, way)));
            Lease lease;
            try
            {
                lease = await start.Value.WaitAsync(cancellationToken);
            }
            catch when (start.Value.IsFaulted)
            {
                Forget(model, start);
                throw;
            }

            await lease.Gate.WaitAsync(cancellationToken);
            try
            {
                await ExtendAsync(model, start, lease, cancellationToken);
            }
            finally
            {
                lease.Gate.Release();
            }

            if (!lease.HasEnded)
            {
                return new ServedName(way, lease.Record.ServedName ?? model) { Lease = lease };
            }
        }
    }

    private async Task ExtendAsync(string model, Lazy<Task<Lease>> start, Lease lease, CancellationToken cancellationToken)
    {
        if (lease.IsOver || lease.HasEnded || !_book.IsShort(lease.Record))
        {
            return;
        }

        // Whoever slept is not to pay, or set aside, minutes in which nothing ran.
        if (await LeaseStopper.HasEndedAsync(Route(lease.Record.Way), lease.Record, cancellationToken))
        {
            _logger.LogWarning("{Model}: {Name} has stopped by itself; starting it again", model, lease.Record.Name);
            lease.HasEnded = true;
            Forget(model, start);
            lease.Record = await _book.CloseAsync(lease.Record, cancellationToken);
            return;
        }

        try
        {
            lease.Record = await _book.ExtendAsync(lease.Record, cancellationToken);
        }
        catch (CfxException)
        {
            Forget(model, start);
            await StopAsync(lease, cancellationToken);
            throw;
        }
    }

    /// <summary>The way that was named, or found in this run or an earlier one; null when none was. Asks nobody.</summary>
    public async Task<ServingWay?> DecidedAsync(CancellationToken cancellationToken) =>
        _way ?? _options.Way ?? (await _records.ReadDecisionAsync(_options.DecisionKey, cancellationToken))?.Way;

    /// <summary>Looks how a model stands that did not answer; one that has stopped is started again by the next call.</summary>
    /// <param name="model">The model.</param>
    /// <param name="served">Where the call was sent.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task<ServedState> StateAsync(string model, ServedName served, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(served);
        if (served.Lease is not Lease lease)
        {
            return ServedState.Ready;
        }

        if (lease is { IsOver: true, HasEnded: false })
        {
            return ServedState.NotReady;
        }

        if (!lease.HasEnded)
        {
            var remote = await Route(lease.Record.Way).LookAsync(lease.Record, cancellationToken);
            if (remote?.Phase is ServingPhase.Ready or ServingPhase.Starting || lease.IsOver)
            {
                return remote?.Phase is ServingPhase.Ready ? ServedState.Ready : ServedState.NotReady;
            }

            lease.HasEnded = true;
            _logger.LogWarning("{Model}: {Name} is {State}; starting it again", model, lease.Record.Name, remote?.Words ?? "gone");
        }

        if (_leases.TryGetValue(model, out var start) && start.Value.IsCompletedSuccessfully && await start.Value == lease)
        {
            Forget(model, start);
        }

        return ServedState.Stopped;
    }

    /// <summary>Stops one model; it may be asked again later. Nothing happens when it is not served.</summary>
    /// <exception cref="StageFailedException">It is not clear that it is stopped.</exception>
    public async Task StopAsync(string model, CancellationToken cancellationToken)
    {
        if (!_leases.TryGetValue(model, out var start))
        {
            return;
        }

        Forget(model, start);
        var lease = await start.Value.WaitAsync(cancellationToken);
        await lease.Gate.WaitAsync(cancellationToken);
        try
        {
            await StopAsync(lease, cancellationToken);
        }
        finally
        {
            lease.Gate.Release();
        }
    }

    /// <summary>Stops all, within <see cref="ServingOptions.StopLimit"/>. What could not be stopped is said, stays on record, and is stopped by the next run.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _ending.CancelAsync();
        foreach (var start in _leases.Values)
        {
            // A start that was cut short has left its record behind.
            await start.Value.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        using var limit = new CancellationTokenSource(_options.StopLimit, _time);
        await Task.WhenAll(_leases.Keys.Select(m => StopRecordedAsync(m, limit.Token)));
        _leases.Clear();
        _ending.Dispose();
        _gate.Dispose();
    }

    private async Task StopRecordedAsync(string model, CancellationToken cancellationToken)
    {
        try
        {
            if (await _records.ReadAsync(ServingNames.Of(_options.Study, model, _options.Server), cancellationToken) is { MayRun: true } record)
            {
                await _stopper.StopAsync(Route(record.Way), record, cancellationToken);
            }
        }
        catch (CfxException e)
        {
            _logger.LogError("{Reason}", e.Message);
        }
        catch (OperationCanceledException)
        {
            _logger.LogError(
                "{Model} could not be stopped within {Limit:0} s and may go on costing money: run --target=Serving --stop-all", model, _options.StopLimit.TotalSeconds);
        }
    }

    private async Task<Lease> StartAsync(string model, ServingWay way)
    {
        await Task.Yield();
        var name = ServingNames.Of(_options.Study, model, _options.Server);
        if (await _records.ReadAsync(name, _ending.Token) is { MayRun: true } other && other.Way != way)
        {
            await _stopper.StopAsync(Route(other.Way), other, _ending.Token);
        }

        return new Lease(await _starter.StartAsync(model, Route(way), _ending.Token));
    }

    /// <summary>The way in which all that meet are served; looked for, and kept, when it is not known yet.</summary>
    /// <param name="model">One of them.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="StageFailedException">There is no way that serves all.</exception>
    public async Task<ServingWay> WayAsync(string model, CancellationToken cancellationToken)
    {
        if (_way is { } known)
        {
            return known;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_way is null)
            {
                var way = await _decision.DecideAsync(model, cancellationToken);
                var faults = await Inventory.SweepAsync(
                    way is ServingWay.ByName ? [] : [.. await _options.Contestants(cancellationToken), model], cancellationToken);
                foreach (var fault in faults)
                {
                    // It is tried again when the run ends; answers need not wait for that.
                    _logger.LogError("{Reason}", fault);
                }

                _way = way;
            }

            return _way.Value;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task StopAsync(Lease lease, CancellationToken cancellationToken)
    {
        if (!lease.IsOver)
        {
            lease.IsOver = true;
            lease.Record = await _stopper.StopAsync(Route(lease.Record.Way), lease.Record, cancellationToken);
        }
    }

    private IServingRoute Route(ServingWay way) => _routes.First(r => r.Way == way);

    private void Forget(string model, Lazy<Task<Lease>> start) => _leases.TryRemove(new KeyValuePair<string, Lazy<Task<Lease>>>(model, start));

    private sealed class Lease(ServingRecord record)
    {
        private bool _hasEnded;

        public SemaphoreSlim Gate { get; } = new(1);

        public ServingRecord Record { get; set; } = record;

        /// <summary>Whether it is not to be extended or stopped any more.</summary>
        public bool IsOver { get; set; }

        /// <summary>Whether it stopped by itself, so that another takes its place.</summary>
        public bool HasEnded
        {
            get => Volatile.Read(ref _hasEnded);
            set => Volatile.Write(ref _hasEnded, value);
        }
    }
}
