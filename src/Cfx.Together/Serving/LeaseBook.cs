using Cfx.Core;
using Cfx.Core.Spending;

namespace Cfx.Together.Serving;

/// <summary>Keeps the minutes of leases: what is set aside before, what it came to afterwards.</summary>
internal sealed class LeaseBook(ServingOptions options, IServingRecords records, IBudget? budget, TimeProvider time)
{
    private const string Stage = "serving";

    /// <summary>The minutes that are set aside at once: enough to wait for the model, and to stop by itself should this program be killed.</summary>
    public double Step => Capped(Math.Max(options.Deadline.TotalMinutes, 2.0 * options.IdleMinutes));

    /// <summary>Sets a lease's minutes aside, from its beginning. Doing it twice changes nothing.</summary>
    /// <exception cref="BudgetReachedException">It would pass the budget.</exception>
    /// <exception cref="MisuseException">The price is not known and may not be.</exception>
    public Task ReserveAsync(ServingRecord record, CancellationToken cancellationToken) => budget is null ? Task.CompletedTask : budget.ReserveAsync(
        record.BudgetKey, Stage, FormattableString.Invariant($"{record.ReservedMinutes:0} minutes of serving {record.Model}"),
        record.CostOf(record.ReservedMinutes), cancellationToken);

    /// <summary>Whether more must be set aside before the lease may be used on.</summary>
    public bool IsShort(ServingRecord record)
    {
        var used = record.Minutes(time.GetUtcNow());

        // With all set aside that the longest time allows, there is nothing to do until that is over.
        return IsComplete(record) ? used >= record.ReservedMinutes : record.ReservedMinutes - used < Kept;
    }

    /// <summary>Sets more aside for a lease in use.</summary>
    /// <exception cref="BudgetReachedException">It would pass the budget.</exception>
    /// <exception cref="StageFailedException">The longest time to serve a model is over.</exception>
    public async Task<ServingRecord> ExtendAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        var used = record.Minutes(time.GetUtcNow());
        if (options.Longest is { } longest && used >= longest.TotalMinutes)
        {
            throw new StageFailedException(FormattableString.Invariant(
                $"{record.Model} was served for {used:0} minutes, and --serving-max-minutes allows {longest.TotalMinutes:0}. Its answers so far are kept; raise the limit and run again."));
        }

        var more = record with { ReservedMinutes = Capped(used + Step) };
        if (more.ReservedMinutes <= record.ReservedMinutes)
        {
            return record;
        }

        await ReserveAsync(more, cancellationToken);
        await records.WriteAsync(more, cancellationToken);
        return more;
    }

    /// <summary>Tells the budget what a stopped lease came to; null where the time of its end is not known, so that what was set aside stands.</summary>
    public async Task<ServingRecord> SettleAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        if (record.Settled)
        {
            return record;
        }

        if (budget is not null)
        {
            await budget.SettleAsync(record.BudgetKey, record.StoppedAt is { } at ? record.CostAt(at) : null, cancellationToken);
        }

        record = record with { Settled = true };
        await records.WriteAsync(record, cancellationToken);
        return record;
    }

    /// <summary>Whether a lease is older than the minutes that were set aside for it, as after a night or a sleep of this machine: what stopped by itself
    /// meanwhile did not run for so long.</summary>
    public bool IsOverdue(ServingRecord record) => record.Minutes(time.GetUtcNow()) > record.ReservedMinutes;

    /// <summary>The latest time to which a lease can have run that stopped by itself at a time that nobody told: now, and no longer than it may go without a
    /// call after the last minute in which it was asked without more being set aside.</summary>
    public DateTimeOffset LatestEnd(ServingRecord record)
    {
        var asked = record.ReservedMinutes - (IsComplete(record) ? 0 : Kept);
        var (now, latest) = (time.GetUtcNow(), record.CreatedAt + TimeSpan.FromMinutes(asked + options.IdleMinutesOf(record.Way)));
        return latest < now ? latest : now;
    }

    /// <summary>Ends a lease that stopped by itself.</summary>
    public Task<ServingRecord> CloseAsync(ServingRecord record, CancellationToken cancellationToken) =>
        SettleAsync(record with { State = ServingState.Stopped, StoppedAt = LatestEnd(record) }, cancellationToken);

    public Task ReleaseAsync(ServingRecord record, CancellationToken cancellationToken) =>
        budget is null ? Task.CompletedTask : budget.ReleaseAsync(record.BudgetKey, cancellationToken);

    /// <summary>Drops a lease under which nothing was bought; what earlier ones of its name cost stays known.</summary>
    public async Task ForgetAsync(ServingRecord record)
    {
        await ReleaseAsync(record, CancellationToken.None);
        if (record.EndpointId is null && record.EarlierCost == 0)
        {
            await records.RemoveAsync(record.Name, CancellationToken.None);
            return;
        }

        await records.WriteAsync(record with { State = ServingState.Stopped, StoppedAt = record.CreatedAt, Settled = true }, CancellationToken.None);
    }

    // Of what is set aside, the minutes in which a lease in use stops by itself should this program be killed.
    private double Kept => Math.Min(options.IdleMinutes, Step / 2);

    private bool IsComplete(ServingRecord record) => options.Longest is { } longest && record.ReservedMinutes >= longest.TotalMinutes;

    private double Capped(double minutes) => Math.Min(minutes, options.Longest?.TotalMinutes ?? double.PositiveInfinity);
}
