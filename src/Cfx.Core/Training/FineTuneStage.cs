using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Has one arm's model trained at a provider, exactly once, however often the run is interrupted.</summary>
/// <remarks>The job's intent is written before the paid call and the job carries a suffix made from its fingerprint, so that after a lost reply,
/// a crash, or on another machine the job is found instead of made again. Nothing here ever cancels a job.</remarks>
/// <param name="service">Trains.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Told the bytes sent and the steps made.</param>
/// <param name="logger">Told what happens to the job.</param>
/// <param name="records">Writes job records; null for the usual way.</param>
public sealed class FineTuneStage(
    IFineTuningService service, TimeProvider time, IProgressSink progress, ILogger logger, JobRecordWriter? records = null)
{
    private readonly JobSubmitter _submitter = new(service, records ?? new JobRecordWriter(), time, progress, logger);
    private readonly JobWatcher _watcher = new(service, records ?? new JobRecordWriter(), time, progress, logger);

    /// <summary>Submits, or finds, the job and follows it to its end.</summary>
    /// <returns>The record of a completed job.</returns>
    /// <exception cref="MisuseException">An option, a file, or the base model's limits forbid the job.</exception>
    /// <exception cref="StageFailedException">The job ended without a model; the message has the provider's reason.</exception>
    /// <exception cref="WorkPendingException">The job goes on: it was not to be followed, or the deadline passed.</exception>
    /// <exception cref="Generation.ProviderException">The provider could not be reached or refused a call.</exception>
    public async Task<JobRecord> RunAsync(FineTuneOptions options, CancellationToken cancellationToken)
    {
        var record = await SubmitAsync(options, cancellationToken);
        return await FollowAsync(options, record, cancellationToken);
    }

    /// <summary>Makes sure that the job exists: finds it by record or suffix, or else uploads the files and creates it.</summary>
    /// <remarks>To have several arms trained at once, submit all before following any.</remarks>
    public Task<JobRecord> SubmitAsync(FineTuneOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _submitter.SubmitAsync(options, cancellationToken);
    }

    /// <summary>Follows a submitted job as the options say.</summary>
    public async Task<JobRecord> FollowAsync(FineTuneOptions options, JobRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(record);
        if (record is { IsCompleted: true, Events: not null, FinishedAt: not null })
        {
            await JobAccount.SettleAsync(options, record);
            logger.LogInformation("{Arm}: job {Job} is complete, the model is {Model}", record.Arm, record.JobId, record.OutputModel);
            return record;
        }

        if (!options.Monitor && !JobStatus.IsTerminal(record.Status))
        {
            throw new WorkPendingException(
                $"Job {record.JobId} for '{record.Arm}' is {record.Status} at {record.Provider}. "
                + "Run the same target again without --no-monitor or --no-wait to follow it and collect its model.");
        }

        return await _watcher.WatchAsync(options, record, cancellationToken);
    }
}
