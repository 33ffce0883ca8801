using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Cancels jobs because a person asked for it; nothing else ever does.</summary>
public sealed class JobCancellation(IFineTuningService service, ILogger logger)
{
    /// <summary>Stands for every job of the study that has not ended.</summary>
    public const string All = "all";

    /// <param name="wanted">A job's id, or <see cref="All"/>.</param>
    /// <param name="records">The study's job records.</param>
    /// <param name="cancellationToken">Stops before the next job.</param>
    /// <returns>The jobs as the provider describes them after the call.</returns>
    /// <exception cref="MisuseException">The job has ended already.</exception>
    /// <exception cref="Generation.ProviderException">The provider knows no such job, or refused.</exception>
    public async Task<IReadOnlyList<FineTuningJob>> RunAsync(string wanted, IReadOnlyList<JobRecord> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        var cancelled = new List<FineTuningJob>();
        foreach (var id in string.Equals(wanted, All, StringComparison.OrdinalIgnoreCase) ? await RunningAsync(records, cancellationToken) : [await RequireRunningAsync(wanted, cancellationToken)])
        {
            var job = await service.CancelAsync(id, cancellationToken);
            logger.LogInformation("Job {Job}: asked to cancel, it is {Status}; the steps that are finished are billed", job.Id, job.Status);
            cancelled.Add(job);
        }

        return cancelled;
    }

    /// <summary>By the provider's word, and by suffix too: a job whose reply was lost is in no record by its id.</summary>
    private async Task<IReadOnlyList<string>> RunningAsync(IReadOnlyList<JobRecord> records, CancellationToken cancellationToken)
    {
        var names = records
            .SelectMany(r => (r.EarlierJobs ?? []).SelectMany(e => new[] { e.JobId, e.Suffix }).Concat([r.JobId, r.Suffix]))
            .Where(n => !string.IsNullOrEmpty(n))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. (await service.ListReadableAsync(cancellationToken))
                .Where(j => !JobStatus.IsTerminal(j.Status) && (names.Contains(j.Id) || (j.Suffix is { } suffix && names.Contains(suffix))))
                .Select(j => j.Id),
        ];
    }

    private async Task<string> RequireRunningAsync(string id, CancellationToken cancellationToken)
    {
        var job = await service.GetAsync(id, cancellationToken);
        return JobStatus.IsTerminal(job.Status)
            ? throw new MisuseException($"Job {id} is {job.Status} already; there is nothing to cancel.")
            : id;
    }
}
