using System.Globalization;
using Cfx.Core.Spending;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Enters jobs into the budget. Every entry may be made again: the key is the job's suffix, which a restart finds again, with a number where earlier
/// jobs of the arm had the same.</summary>
internal sealed class JobAccount(ILogger logger)
{
    private const string Stage = "finetune";

    /// <summary>Sets the price aside before the job is created.</summary>
    /// <exception cref="BudgetReachedException">It would pass the budget.</exception>
    /// <exception cref="MisuseException">The price is not known, which was not allowed.</exception>
    public static Task ReserveAsync(FineTuneOptions options, JobRecord record, CancellationToken cancellationToken) =>
        options.Budget is { } budget
            ? budget.ReserveAsync(Key(record), Stage, Purpose(record), record.EstimatedPriceUsd, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Enters a job that exists already, so that it counts even where the budget would not allow it any more.</summary>
    public async Task EnterAsync(FineTuneOptions options, JobRecord record, CancellationToken cancellationToken)
    {
        if (options.Budget is not { } budget)
        {
            return;
        }

        if (JobStatus.IsTerminal(record.Status))
        {
            await SettleAsync(options, record);
            return;
        }

        // What a job under way has come to so far is no bound, unless it is more than was expected.
        var expected = record.EstimatedPriceUsd ?? options.FallbackPrice?.Invoke(record, null);
        var price = record.BilledUsd is { } billed && !(billed <= expected) ? billed : expected;
        try
        {
            await budget.ReserveAsync(Key(record), Stage, Purpose(record), price, cancellationToken);
        }
        catch (Exception e) when (e is BudgetReachedException or MisuseException)
        {
            logger.LogWarning(
                "{Arm}: job {Job} was bought before; it is counted though the budget would not allow it now ({Reason})",
                record.Arm, record.JobId, e.Message);
            await budget.SettleAsync(Key(record), price, CancellationToken.None);
        }
    }

    /// <summary>Enters what an ended job came to. Cannot be cancelled: the money is spent.</summary>
    public static Task SettleAsync(FineTuneOptions options, JobRecord record) =>
        options.Budget?.SettleAsync(Key(record), record.BilledUsd, CancellationToken.None) ?? Task.CompletedTask;

    /// <summary>The job was not created after all.</summary>
    public static Task ReleaseAsync(FineTuneOptions options, JobRecord record) =>
        options.Budget?.ReleaseAsync(Key(record), CancellationToken.None) ?? Task.CompletedTask;

    // A job that is trained anew because its like is gone bears the same suffix; both were paid for.
    private static string Key(JobRecord record) => (record.EarlierJobs ?? []).Count(j => j.JobId is not null && j.Suffix == record.Suffix) is > 0 and var before
        ? string.Create(CultureInfo.InvariantCulture, $"job:{record.Suffix}#{before + 1}")
        : $"job:{record.Suffix}";

    private static string Purpose(JobRecord record) => $"training '{record.Arm}' from {record.BaseModel}";
}
