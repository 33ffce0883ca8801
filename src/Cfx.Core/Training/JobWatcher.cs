using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Follows a job to its end.</summary>
internal sealed class JobWatcher(
    IFineTuningService service, JobRecordWriter records, TimeProvider time, IProgressSink progress, ILogger logger)
{
    /// <summary>How often a complete job without a model name is looked at again.</summary>
    private const int NameLooks = 3;

    public async Task<JobRecord> WatchAsync(FineTuneOptions options, JobRecord record, CancellationToken cancellationToken)
    {
        var watch = new Watch(options, record, new EventLog(record.Arm, record.Events?.Seen ?? 0, logger));
        try
        {
            return await WatchAsync(watch, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(
                "{Arm}: stopped following job {Job}, which is not cancelled at {Provider}. Run again to go on following it",
                record.Arm, record.JobId, record.Provider);
            throw;
        }
        finally
        {
            watch.Scope?.Dispose();
        }
    }

    private async Task<JobRecord> WatchAsync(Watch watch, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var namesLeft = NameLooks;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await LookAsync(watch, cancellationToken) is { } job)
            {
                if (JobStatus.IsFailure(job.Status))
                {
                    return await FailAsync(watch, cancellationToken);
                }

                if (job.Status is JobStatus.Completed && (watch.Record.OutputModel is not null || namesLeft-- == 0))
                {
                    return await CompleteAsync(watch, cancellationToken);
                }
            }

            var wait = watch.Options.CheckInterval;
            if (watch.Options.Deadline is { } deadline)
            {
                var left = deadline - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    throw new WorkPendingException(
                        $"Job {watch.Record.JobId} for '{watch.Record.Arm}' is still {watch.Record.Status} at {watch.Record.Provider} after "
                        + $"{deadline:g}. It goes on there; run again to go on following it, or cancel it at the provider.");
                }

                wait = left < wait ? left : wait;
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>One look: the job, or null when the provider could not be reached just now.</summary>
    private async Task<FineTuningJob?> LookAsync(Watch watch, CancellationToken cancellationToken)
    {
        FineTuningJob job;
        try
        {
            job = await service.GetAsync(watch.Record.JobId!, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            throw new StageFailedException(
                $"Job {watch.Record.JobId} for '{watch.Record.Arm}' has vanished at {watch.Record.Provider}. Use --force to train anew.", e);
        }
        catch (ProviderException e) when (IsPassing(e))
        {
            logger.LogWarning("{Arm}: {Reason} Looking again in {Interval}", watch.Record.Arm, e.Message, watch.Options.CheckInterval);
            return null;
        }

        var before = watch.Record;
        watch.Record = before.Apply(job);
        await ReadEventsAsync(watch, job, cancellationToken);
        await ReadCurveAsync(watch, cancellationToken);
        ShowProgress(watch, job);
        if (watch.IsNew || !string.Equals(before.Status, watch.Record.Status, StringComparison.Ordinal))
        {
            await records.WriteAsync(watch.Record, watch.Options.RecordPath, cancellationToken);
            watch.IsNew = false;
        }

        return job;
    }

    private async Task ReadEventsAsync(Watch watch, FineTuningJob job, CancellationToken cancellationToken)
    {
        try
        {
            var events = await service.EventsAsync(job.Id, cancellationToken);
            watch.Log.Take(events, job.SecondsRemaining);
            var summary = watch.Log.Summary;
            watch.IsNew |= summary.Seen != watch.Record.Events?.Seen;
            watch.Record = watch.Record with { Events = summary };
        }
        catch (ProviderException e)
        {
            logger.LogDebug("{Arm}: no events just now ({Reason})", watch.Record.Arm, e.Message);
        }
    }

    private async Task ReadCurveAsync(Watch watch, CancellationToken cancellationToken)
    {
        IReadOnlyList<FineTuningMetric> metrics = [];
        try
        {
            metrics = await service.MetricsAsync(watch.Record.JobId!, cancellationToken);
        }
        catch (ProviderException e)
        {
            logger.LogDebug("{Arm}: no metrics just now ({Reason})", watch.Record.Arm, e.Message);
        }

        FineTuningMetric[] curve =
        [
            .. (metrics.Count > 0 ? metrics : watch.Log.Curve)
                .GroupBy(m => m.Step)
                .OrderBy(g => g.Key)
                .Select(g => new FineTuningMetric(g.Key, g.LastOrDefault(m => m.TrainLoss is not null)?.TrainLoss, g.LastOrDefault(m => m.EvalLoss is not null)?.EvalLoss)),
        ];
        // A step's validation loss may come later than its training loss.
        if (curve.Length >= (watch.Record.Curve?.Count ?? 0) && !curve.SequenceEqual(watch.Record.Curve ?? []))
        {
            watch.Record = watch.Record with { Curve = curve };
            watch.IsNew = true;
        }
    }

    private void ShowProgress(Watch watch, FineTuningJob job)
    {
        var step = Math.Max(watch.Log.Step ?? 0, watch.Record.Curve is [.., var last] ? last.Step : 0);
        if (watch.Scope is null && (watch.Log.TotalSteps is not null || step > 0))
        {
            watch.Scope = progress.Begin(
                watch.Options.IsOneOfSeveral ? $"training steps of {watch.Record.Arm}" : "training steps", watch.Log.TotalSteps);
        }

        var loss = watch.Record.Curve?.LastOrDefault(m => m.TrainLoss is not null)?.TrainLoss ?? watch.Log.Loss;
        var eval = watch.Record.Curve?.LastOrDefault(m => m.EvalLoss is not null)?.EvalLoss;
        string?[] parts =
        [
            loss is null ? null : FormattableString.Invariant($"loss {loss:0.0000}"),
            eval is null ? null : FormattableString.Invariant($"validation loss {eval:0.0000}"),
            job.SecondsRemaining is > 0 and { } s ? FormattableString.Invariant($"{TimeSpan.FromSeconds(Math.Round(s)):g} left") : null,
        ];
        var detail = string.Join(", ", parts.Where(p => p is not null));
        watch.Scope?.Report(step, detail.Length > 0 ? detail : null);
    }

    private async Task<JobRecord> CompleteAsync(Watch watch, CancellationToken cancellationToken)
    {
        var record = Ended(watch);
        // Before the record says that the job is over: a run that finds it so asks no more.
        await JobAccount.SettleAsync(watch.Options, record);
        await records.WriteAsync(record, watch.Options.RecordPath, cancellationToken);
        if (record.OutputModel is null)
        {
            throw new StageFailedException(
                $"Job {record.JobId} for '{record.Arm}' is complete, but {record.Provider} names no model. Look at the job there, and run again.");
        }

        logger.LogInformation("{Arm}: job {Job} is complete, the model is {Model}", record.Arm, record.JobId, record.OutputModel);
        return record;
    }

    private async Task<JobRecord> FailAsync(Watch watch, CancellationToken cancellationToken)
    {
        var errors = watch.Log.Errors.Where(m => m.Length > 0).Distinct(StringComparer.Ordinal).TakeLast(3).ToList();
        var reason = errors.Count > 0 ? string.Join("; ", errors) : "the provider gives no reason";
        var record = Ended(watch) with { Failure = reason };
        // Before the record says that the job is over: a run that finds it so asks no more.
        await JobAccount.SettleAsync(watch.Options, record);
        await records.WriteAsync(record, watch.Options.RecordPath, cancellationToken);
        throw new StageFailedException(
            $"Job {record.JobId} for '{record.Arm}' ended as {record.Status} at {record.Provider}: {reason}. "
            + "Mend the cause; the next run trains anew.");
    }

    private static JobRecord Ended(Watch watch)
    {
        var record = watch.Record;
        var finished = watch.Log.LastAt;
        return record with
        {
            FinishedAt = finished,
            DurationSeconds = (finished - record.CreatedAt)?.TotalSeconds,
            Events = record.Events ?? watch.Log.Summary,
        };
    }

    private static bool IsPassing(ProviderException e) => e.StatusCode is null or 408 or 409 or 425 or 429 or >= 500;

    /// <summary>What one run of following has learnt so far.</summary>
    private sealed class Watch(FineTuneOptions options, JobRecord record, EventLog log)
    {
        public FineTuneOptions Options { get; } = options;

        public EventLog Log { get; } = log;

        public JobRecord Record { get; set; } = record;

        public IProgressScope? Scope { get; set; }

        /// <summary>Whether the record holds something that its file does not.</summary>
        public bool IsNew { get; set; }
    }
}
