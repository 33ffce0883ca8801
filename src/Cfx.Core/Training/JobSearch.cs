using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Looks through a provider's list for the job of a record.</summary>
internal sealed class JobSearch(IFineTuningService service, TimeProvider time, ILogger logger)
{
    /// <summary>Looks until a job is found or the window is over.</summary>
    /// <param name="options">Names the job.</param>
    /// <param name="record">The job that is wanted; its suffix is looked for.</param>
    /// <param name="passCompleted">Whether a complete job is not wanted again.</param>
    /// <param name="takeFailed">Whether a failed job may be ours, because a creating call went unanswered.</param>
    /// <param name="window">How long a job may take to appear; zero or less for a single look.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The job, or null and the record under a suffix that no ended job has.</returns>
    public async Task<(FineTuningJob? Job, JobRecord Record)> FindAsync(
        FineTuneOptions options, JobRecord record, bool passCompleted, bool takeFailed, TimeSpan window, CancellationToken cancellationToken)
    {
        var excluded = (record.EarlierJobs ?? [])
            .Where(j => j.JobId is not null && JobStatus.IsTerminal(j.Status) && string.Equals(j.Fingerprint, record.Fingerprint, StringComparison.Ordinal)
                && (passCompleted || JobStatus.IsFailure(j.Status)))
            .Select(j => j.JobId!)
            .ToHashSet(StringComparer.Ordinal);
        var until = time.GetUtcNow() + window;
        var pause = TimeSpan.FromSeconds(1);
        while (true)
        {
            var jobs = await service.ListAsync(cancellationToken);
            var matches = JobFinder.Matches(jobs, record.Suffix, options.BaseModel, record.TrainingFile.FileId, excluded);
            if (matches.Count == 0 && record.EarlierJobs?.Any(j => j.Suffix == record.Suffix && j.JobId is { } id && excluded.Contains(id)) == true)
            {
                // The suffix belongs to a job that ended; the job after it may have been completed.
                record = Next(options, record, []);
                until = time.GetUtcNow();
                continue;
            }

            if (matches is [var best, ..])
            {
                // A job whose creation went unanswered is ours even when it has failed since: following it reports why.
                var usable = JobStatus.IsFailure(best.Status) ? takeFailed : !(passCompleted && best.Status is JobStatus.Completed);
                if (usable)
                {
                    WarnOfTwins(record, matches);
                    return (best, record);
                }

                // Only ended jobs carry this suffix: take the next number, so that none of them is taken for the new one.
                excluded.UnionWith(matches.Select(j => j.Id));
                record = Next(options, record, matches);
                until = time.GetUtcNow();
                continue;
            }

            var left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return (null, record);
            }

            await Task.Delay(pause < left ? pause : left, time, cancellationToken);
            pause *= 2;
        }
    }

    private static JobRecord Next(FineTuneOptions options, JobRecord record, IReadOnlyList<FineTuningJob> ended) => record with
    {
        Attempt = record.Attempt + 1,
        Suffix = JobSuffix.Make(options.Suffix, record.Fingerprint, record.Attempt + 1),
        EarlierJobs = [.. record.EarlierJobs ?? [], .. ended.Select(j => record.Apply(j).ToEarlier())],
        SubmittedAt = null,
    };

    private void WarnOfTwins(JobRecord record, IReadOnlyList<FineTuningJob> matches)
    {
        if (matches.Count(j => !JobStatus.IsFailure(j.Status)) > 1)
        {
            logger.LogWarning(
                "{Arm}: {Count} jobs carry the suffix {Suffix}: {Jobs}; using the first",
                record.Arm, matches.Count, record.Suffix, string.Join(", ", matches.Select(j => j.Id)));
        }
    }
}
