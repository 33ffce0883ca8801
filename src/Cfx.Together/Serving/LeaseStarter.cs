using Cfx.Core;
using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Serving;

/// <summary>Brings one model up: adopts what is there under its name, else makes it, exactly once, and waits until it answers.</summary>
internal sealed class LeaseStarter(
    ServingOptions options, IServingRecords records, LeaseBook book, LeaseStopper stopper, TimeProvider time, ILogger logger)
{
    private const int MaxSends = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <returns>The lease, ready.</returns>
    /// <exception cref="StageFailedException">It did not come up; it is stopped.</exception>
    public async Task<ServingRecord> StartAsync(string model, IServingRoute route, CancellationToken cancellationToken)
    {
        var name = ServingNames.Of(options.Study, model, options.Server);
        var known = await records.ReadAsync(name, cancellationToken);
        if (known is { State: ServingState.Stopped })
        {
            known = await book.SettleAsync(known, cancellationToken);
        }

        ServingRecord record;
        if (await FindAsync(route, known ?? New(null, name, model, route.Way), Window(known), cancellationToken) is { } remote)
        {
            record = await AdoptAsync(route, known, name, model, remote, cancellationToken);
        }
        else
        {
            record = await CreateAsync(route, known, name, model, cancellationToken);
        }

        return await WaitAsync(route, record, cancellationToken);
    }

    /// <summary>Looks for what was made under a lease's name until it is found or the window is over; twins are stopped.</summary>
    public async Task<RemoteServing?> FindAsync(IServingRoute route, ServingRecord record, TimeSpan window, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + window;
        while (true)
        {
            var found = await route.FindAsync(record, cancellationToken);
            foreach (var twin in found.Skip(1).Where(t => t.Phase is not ServingPhase.Stopped))
            {
                logger.LogWarning("{Name} is at the provider more than once; stopping {Id}", record.Name, twin.EndpointId);
                await StopTwinAsync(route, record with { EndpointId = twin.EndpointId, DeploymentId = twin.DeploymentId }, cancellationToken);
            }

            // An endpoint without its deployment is half made.
            if (found is [var best, ..] && (route.Way is not ServingWay.Deployment || best.DeploymentId is not null))
            {
                return best;
            }

            var left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await Task.Delay(left < LookAgain ? left : LookAgain, time, cancellationToken);
        }
    }

    private async Task StopTwinAsync(IServingRoute route, ServingRecord twin, CancellationToken cancellationToken)
    {
        try
        {
            await route.StopAsync(twin, cancellationToken);
        }
        catch (ProviderException e)
        {
            logger.LogError("{Id} could not be stopped: {Reason}", twin.EndpointId, e.Message);
        }
    }

    // A creation whose reply never came may still show up.
    private TimeSpan Window(ServingRecord? known) =>
        known is { State: ServingState.Intended } ? known.CreatedAt + options.LostReplyWindow - time.GetUtcNow() : TimeSpan.Zero;

    private async Task<ServingRecord> AdoptAsync(
        IServingRoute route, ServingRecord? known, string name, string model, RemoteServing remote, CancellationToken cancellationToken)
    {
        var lease = known is { MayRun: true } && known.Way == route.Way ? known : null;
        if (remote.Phase is ServingPhase.Failed)
        {
            var failed = With(lease ?? New(known, name, model, route.Way), remote);
            await stopper.StopAsync(route, failed, cancellationToken);
            return await CreateAsync(route, await records.ReadAsync(name, cancellationToken), name, model, cancellationToken);
        }

        if (remote.Phase is ServingPhase.Stopped)
        {
            if (lease is not null)
            {
                // It stopped by itself when nothing came any more.
                known = await book.CloseAsync(lease, cancellationToken);
            }

            var offer = await OfferAsync(route, model, cancellationToken);
            var again = With(New(known, name, model, route.Way), remote) with { Hardware = offer.Hardware ?? remote.Hardware, PricePerHour = offer.PricePerHour };
            return await BuyAsync(again, async record =>
            {
                logger.LogInformation("{Model}: starting the {Way} that is there, {Name}", model, Word(route), name);
                await route.StartAsync(record, cancellationToken);
                return record;
            }, cancellationToken);
        }

        logger.LogInformation("{Model}: taking over {Name}, which is {State} at the provider", model, name, remote.Words);
        if (lease is null)
        {
            // Made on another machine, or its record was lost: it has cost money since it was made.
            var price = await route.OfferAsync(model, cancellationToken);
            lease = New(known, name, model, route.Way) with { CreatedAt = remote.CreatedAt ?? time.GetUtcNow(), PricePerHour = price.PricePerHour };
            lease = lease with { ReservedMinutes = lease.Minutes(time.GetUtcNow()) + book.Step };
        }

        lease = With(lease, remote) with { State = ServingState.Starting };
        await records.WriteAsync(lease, cancellationToken);
        await book.ReserveAsync(lease, cancellationToken);
        return lease;
    }

    private async Task<ServingRecord> CreateAsync(IServingRoute route, ServingRecord? known, string name, string model, CancellationToken cancellationToken)
    {
        var offer = await OfferAsync(route, model, cancellationToken);
        if (known is { State: ServingState.Intended })
        {
            // It never was made, and the minutes since then cost nothing.
            await book.ReleaseAsync(known, cancellationToken);
        }
        else if (known is { MayRun: true })
        {
            known = await book.CloseAsync(known, cancellationToken);
        }

        var intent = New(known, name, model, route.Way);
        intent = intent with { Hardware = offer.Hardware, PricePerHour = offer.PricePerHour };
        return await BuyAsync(intent, async record =>
        {
            logger.LogInformation(
                "{Model}: making a {Way}, {Name}, on {Hardware} at {Price}", model, Word(route), name, record.Hardware ?? "hardware not told", ServingStatus.Price(record.PricePerHour));
            return With(record, await SendAsync(route, record, offer, cancellationToken));
        }, cancellationToken);
    }

    /// <summary>The one order in which anything is bought: intent on disk, money set aside, the call, its result on disk.</summary>
    private async Task<ServingRecord> BuyAsync(ServingRecord intent, Func<ServingRecord, Task<ServingRecord>> buy, CancellationToken cancellationToken)
    {
        await records.WriteAsync(intent, cancellationToken);
        try
        {
            await book.ReserveAsync(intent, cancellationToken);
            var made = await buy(intent) with { State = ServingState.Starting };

            // It costs money now: write it down whatever happens.
            await records.WriteAsync(made, CancellationToken.None);
            return made;
        }
        catch (CfxException e) when (e is not ProviderException fault || ServingFaults.IsRefusal(fault))
        {
            await book.ForgetAsync(intent);
            throw;
        }
    }

    private async Task<RemoteServing> SendAsync(IServingRoute route, ServingRecord record, ServingOffer offer, CancellationToken cancellationToken)
    {
        for (var send = 1; ; send++)
        {
            try
            {
                return await route.CreateAsync(record, offer, cancellationToken);
            }
            catch (ProviderException e) when (send > 1 || !ServingFaults.IsRefusal(e))
            {
                // Once a reply is lost, no later refusal says that nothing was made.
                logger.LogWarning("{Model}: it is not clear whether {Name} was made ({Reason}); looking for it", record.Model, record.Name, e.Message);
                if (await LookForAsync(route, record, cancellationToken) is { } found)
                {
                    return found;
                }

                if (send == MaxSends || ServingFaults.IsRefusal(e))
                {
                    throw Unclear(record, e);
                }
            }
        }
    }

    private async Task<RemoteServing?> LookForAsync(IServingRoute route, ServingRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(route, record, options.LostReplyWindow, cancellationToken);
        }
        catch (ProviderException e)
        {
            throw Unclear(record, e);
        }
    }

    private static ProviderException Unclear(ServingRecord record, ProviderException e) => new(
        $"{record.Model} could not be served, and it is not clear whether {record.Name} was made: {e.Message} Run again later: it is looked for before it is made again.");

    private async Task<ServingRecord> WaitAsync(IServingRoute route, ServingRecord record, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + options.Deadline;
        var pause = options.FirstPoll;
        var words = "";
        string failure;
        try
        {
            while (true)
            {
                var remote = await route.LookAsync(record, cancellationToken);
                if (remote?.Phase is ServingPhase.Ready)
                {
                    record = With(record, remote);
                    await route.OpenAsync(record, cancellationToken);
                    record = record with { State = ServingState.Ready };
                    await records.WriteAsync(record, cancellationToken);
                    logger.LogInformation("{Model}: served as {Name} after {Minutes:0.0} minutes", record.Model, record.ServedName, record.Minutes(time.GetUtcNow()));
                    return record;
                }

                if (remote?.Phase is not (ServingPhase.Starting or ServingPhase.Stopped))
                {
                    failure = remote is null ? "it is gone from the provider" : $"the provider says {remote.Words}";
                    break;
                }

                if (remote.Words != words)
                {
                    words = remote.Words;
                    logger.LogInformation("{Model}: {Name} is {State}", record.Model, record.Name, words);
                }

                if (time.GetUtcNow() >= until)
                {
                    failure = FormattableString.Invariant($"it was still {remote.Words} after {options.Deadline.TotalMinutes:0} minutes (--serving-deadline)");
                    break;
                }

                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < options.PollInterval ? pause * 2 : options.PollInterval;
            }
        }
        catch (ProviderException e)
        {
            failure = e.Message.TrimEnd('.');
        }

        await stopper.StopAsync(route, record, cancellationToken);
        throw new StageFailedException($"{record.Model} did not come up as a {Word(route)} ({record.Name}): {failure}. It is stopped. Run again, or choose another way or hardware with --serving-way, --serving-hardware.");
    }

    private static async Task<ServingOffer> OfferAsync(IServingRoute route, string model, CancellationToken cancellationToken)
    {
        var offer = await route.OfferAsync(model, cancellationToken);
        return offer.Refusal is null ? offer : throw new StageFailedException($"{model} cannot be served as a {Word(route)}. {offer.Refusal}");
    }

    private ServingRecord New(ServingRecord? earlier, string name, string model, ServingWay way) => new()
    {
        Name = name,
        Server = options.Server,
        Study = options.Study,
        Model = model,
        Way = way,
        State = ServingState.Intended,
        CreatedAt = time.GetUtcNow(),
        ReservedMinutes = book.Step,
        EarlierCost = earlier?.TotalCost ?? 0,
    };

    private static ServingRecord With(ServingRecord record, RemoteServing remote) => record with
    {
        EndpointId = remote.EndpointId,
        DeploymentId = remote.DeploymentId ?? record.DeploymentId,
        ServedName = remote.ServedName ?? record.ServedName,
        Hardware = remote.Hardware ?? record.Hardware,
    };

    private static string Word(IServingRoute route) => route.Way is ServingWay.Deployment ? "v2 deployment" : "v1 endpoint";
}
