using Cfx.Core;
using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Serving;

/// <summary>Everything that is served, by the records of this project and by the provider's lists.</summary>
public sealed class ServingInventory
{
    private readonly ServingOptions _options;
    private readonly IReadOnlyList<IServingRoute> _routes;
    private readonly IServingRecords _records;
    private readonly LeaseStopper _stopper;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ServingInventory(
        ServingOptions options, IReadOnlyList<IServingRoute> routes, IServingRecords records, LeaseStopper stopper, TimeProvider time, ILogger logger)
    {
        _options = options;
        _routes = routes;
        _records = records;
        _stopper = stopper;
        _time = time;
        _logger = logger;
    }

    /// <summary>What this project started, then what else the account has.</summary>
    /// <exception cref="ProviderException">The provider could not be reached or refused.</exception>
    public async Task<IReadOnlyList<ServingStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var records = await _records.ListAsync(cancellationToken);
        var remote = await RemoteAsync(cancellationToken);
        var listed = new List<ServingStatus>();
        foreach (var record in records)
        {
            var there = remote.FirstOrDefault(r => IsOf(r, record));
            var now = _time.GetUtcNow();
            var isHere = string.Equals(record.Server, _options.Server, StringComparison.Ordinal);
            listed.Add(new ServingStatus(record.Name, true, record.Model, !isHere ? $"at {record.Server}" : there?.Words ?? Word(record))
            {
                MayRun = isHere ? there is { Phase: ServingPhase.Ready or ServingPhase.Starting or ServingPhase.Failed } : record.MayRun,
                Since = record.CreatedAt,
                PricePerHour = record.PricePerHour,
                Cost = record.PricePerHour is null ? null
                    : record.MayRun && there is { Phase: not ServingPhase.Stopped } ? record.EarlierCost + record.CostAt(now) : record.TotalCost,
            });
        }

        listed.AddRange(remote.Where(r => !records.Any(record => IsOf(r, record))).Select(r => new ServingStatus(r.Name ?? r.EndpointId, false, r.Model ?? "", r.Words)
        {
            MayRun = r.Phase is not ServingPhase.Stopped,
            Since = r.CreatedAt,
        }));
        return listed;
    }

    /// <summary>Stops what this project started, whichever study it was for, and what bears the names of this study.</summary>
    /// <returns>What was stopped, and why what could not be stopped was not.</returns>
    public async Task<(IReadOnlyList<string> Stopped, IReadOnlyList<string> Faults)> StopAllAsync(CancellationToken cancellationToken)
    {
        var stopped = new List<string>();
        var faults = new List<string>();
        var records = await _records.ListAsync(cancellationToken);
        foreach (var record in records.Where(r => r.MayRun))
        {
            if (!string.Equals(record.Server, _options.Server, StringComparison.Ordinal))
            {
                faults.Add($"{record.Name} is at {record.Server}: run again with that provider and address.");
                continue;
            }

            await TryAsync(record, stopped, faults, cancellationToken);
        }

        foreach (var remote in await RemoteAsync(cancellationToken))
        {
            var name = remote.Name;
            if (remote.Phase is not ServingPhase.Stopped && ServingNames.IsOfStudy(name, _options.Study) && !records.Any(r => r.MayRun && IsOf(remote, r)))
            {
                var record = records.FirstOrDefault(r => r.Name == name);
                await TryAsync(FromRemote(remote, record), stopped, faults, cancellationToken);
            }
        }

        return (stopped, faults);
    }

    /// <summary>Stops what an earlier run of this study left running and this one does not want; the rest is taken over when it is asked.</summary>
    /// <returns>Why what could not be stopped was not; the rest is stopped all the same.</returns>
    public async Task<IReadOnlyList<string>> SweepAsync(IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        var names = wanted.Select(m => ServingNames.Of(_options.Study, m, _options.Server)).ToHashSet(StringComparer.Ordinal);
        var leftovers = (await _records.ListAsync(cancellationToken)).Where(r => r.MayRun
            && string.Equals(r.Server, _options.Server, StringComparison.Ordinal) && string.Equals(r.Study, _options.Study, StringComparison.Ordinal) && !names.Contains(r.Name));
        var faults = new List<string>();
        foreach (var record in leftovers)
        {
            _logger.LogWarning("{Model}: an earlier run left {Name} running; stopping it", record.Model, record.Name);
            try
            {
                await _stopper.StopAsync(Route(record), record, cancellationToken);
            }
            catch (CfxException e)
            {
                faults.Add(e.Message);
            }
        }

        return faults;
    }

    private async Task TryAsync(ServingRecord record, List<string> stopped, List<string> faults, CancellationToken cancellationToken)
    {
        try
        {
            var after = await _stopper.StopAsync(Route(record), record, cancellationToken);
            if (after.MayRun)
            {
                faults.Add($"{record.Name}: a call to make it went unanswered a moment ago, and it is not listed yet. Run this again in a minute.");
            }
            else
            {
                stopped.Add(record.Name);
            }
        }
        catch (CfxException e)
        {
            faults.Add(e.Message);
        }
    }

    private async Task<IReadOnlyList<RemoteServing>> RemoteAsync(CancellationToken cancellationToken)
    {
        var all = new List<RemoteServing>();
        foreach (var route in _routes)
        {
            try
            {
                all.AddRange(await route.ListAsync(cancellationToken));
            }
            catch (ProviderException e) when (e.StatusCode is 404 or 405 or 501)
            {
                // A server without this API runs nothing under it.
            }
        }

        return all;
    }

    private ServingRecord FromRemote(RemoteServing remote, ServingRecord? earlier) => new()
    {
        Name = remote.Name!,
        Server = _options.Server,
        Study = _options.Study,
        Model = remote.Model ?? earlier?.Model ?? remote.Name!,
        Way = remote.Way,
        State = ServingState.Starting,
        CreatedAt = remote.CreatedAt ?? _time.GetUtcNow(),
        EndpointId = remote.EndpointId,
        DeploymentId = remote.DeploymentId,
        ServedName = remote.ServedName,
        EarlierCost = earlier?.TotalCost ?? 0,
    };

    private IServingRoute Route(ServingRecord record) => _routes.First(r => r.Way == record.Way);

    private static bool IsOf(RemoteServing remote, ServingRecord record) =>
        remote.Way == record.Way && (remote.EndpointId == record.EndpointId || remote.Name == record.Name);

    private static string Word(ServingRecord record) => record.State is ServingState.Stopped ? "stopped" : "not listed by the provider";
}
