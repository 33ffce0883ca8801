using Cfx.Core;
using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Serving;

/// <summary>Ends leases.</summary>
internal sealed class LeaseStopper(ServingOptions options, IServingRecords records, LeaseBook book, TimeProvider time, ILogger logger)
{
    /// <summary>Stops what a lease stands for, settles it, and removes it where it can be. May be repeated.</summary>
    /// <exception cref="StageFailedException">It is not clear that it is stopped.</exception>
    public async Task<ServingRecord> StopAsync(IServingRoute route, ServingRecord record, CancellationToken cancellationToken)
    {
        var hasEnded = false;
        record = record with { State = record.EndpointId is null ? ServingState.Intended : ServingState.Stopping };
        await records.WriteAsync(record, cancellationToken);
        try
        {
            if (record.EndpointId is null)
            {
                if (await route.FindAsync(record, cancellationToken) is not [var found, ..])
                {
                    return await NothingAsync(record);
                }

                record = record with { EndpointId = found.EndpointId, DeploymentId = found.DeploymentId, State = ServingState.Stopping };
                await records.WriteAsync(record, cancellationToken);
            }

            hasEnded = book.IsOverdue(record) && await SeemsEndedAsync(route, record, cancellationToken);

            // What stopped by itself is told to stop too: it must not wake up again.
            await route.StopAsync(record, cancellationToken);
        }
        catch (ProviderException e)
        {
            throw new StageFailedException(
                $"{record.Name}, which serves {record.Model}, could not be stopped and may go on costing {ServingStatus.Price(record.PricePerHour)}: {e.Message} "
                + "Run --target=Serving --stop-all, or stop it at the provider.");
        }

        record = record with { State = ServingState.Stopped, StoppedAt = hasEnded ? book.LatestEnd(record) : time.GetUtcNow() };
        await records.WriteAsync(record, CancellationToken.None);
        record = await book.SettleAsync(record, CancellationToken.None);
        var (minutes, cost) = (record.Minutes(record.StoppedAt!.Value), ServingStatus.Money(record.CostAt(record.StoppedAt.Value)));
        if (hasEnded)
        {
            logger.LogInformation("{Model}: {Name} had stopped by itself, after {Minutes:0.0} minutes at the most ({Cost})", record.Model, record.Name, minutes, cost);
        }
        else
        {
            logger.LogInformation("{Model}: stopped {Name} after {Minutes:0.0} minutes ({Cost})", record.Model, record.Name, minutes, cost);
        }

        await RemoveAsync(route, record, cancellationToken);
        return record;
    }

    /// <summary>Whether it has stopped by itself, or is gone.</summary>
    /// <exception cref="ProviderException">The provider could not be reached.</exception>
    public static async Task<bool> HasEndedAsync(IServingRoute route, ServingRecord record, CancellationToken cancellationToken) =>
        (route.Way is not ServingWay.Deployment || record.DeploymentId is not null)
        && await route.LookAsync(record, cancellationToken) is null or { Phase: ServingPhase.Stopped };

    // Stopping must not fail because looking did; then all minutes until now count, which is the safe side.
    private static async Task<bool> SeemsEndedAsync(IServingRoute route, ServingRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return await HasEndedAsync(route, record, cancellationToken);
        }
        catch (ProviderException)
        {
            return false;
        }
    }

    private async Task<ServingRecord> NothingAsync(ServingRecord record)
    {
        if (time.GetUtcNow() - record.CreatedAt > options.LostReplyWindow)
        {
            await book.ForgetAsync(record);
            return record with { State = ServingState.Stopped };
        }

        // A call that went unanswered may yet make it: it stays intended, and the next run looks again.
        logger.LogWarning("{Model}: nothing named {Name} is at the provider now; the next run looks again", record.Model, record.Name);
        return record;
    }

    private async Task RemoveAsync(IServingRoute route, ServingRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await route.RemoveAsync(record, cancellationToken);
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            // Stopped, it costs nothing; the next lease of this model starts it again.
            logger.LogDebug("{Name} stays at the provider, stopped: {Reason}", record.Name, e.Message);
        }
    }
}
