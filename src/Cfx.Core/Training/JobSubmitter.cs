using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Makes sure that exactly one job exists for a plan.</summary>
internal sealed class JobSubmitter(
    IFineTuningService service, JobRecordWriter records, TimeProvider time, IProgressSink progress, ILogger logger)
{
    private const int MaxSends = 3;
    private readonly JobSearch _search = new(service, time, logger);
    private readonly JobAccount _account = new(logger);

    public async Task<JobRecord> SubmitAsync(FineTuneOptions options, CancellationToken cancellationToken)
    {
        var plan = await JobPlan.MakeAsync(options, cancellationToken);
        var known = await JobRecord.ReadAsync(options.RecordPath, cancellationToken);
        RequireSameProvider(options, known);
        var record = NewRecord(options, plan, known);
        var resumesIntent = false;
        if (known is not null && string.Equals(known.Fingerprint, plan.Fingerprint, StringComparison.Ordinal))
        {
            if (known.JobId is not null)
            {
                var (continued, isGone) = await ContinueAsync(options, known, cancellationToken);
                if (continued is not null)
                {
                    return continued;
                }

                record = record with
                {
                    Attempt = known.Attempt + (isGone ? 0 : 1),
                    EarlierJobs = [.. known.EarlierJobs ?? [], known.ToEarlier()],
                };
            }
            else
            {
                resumesIntent = known.Status is JobRecord.Intended;
                record = resumesIntent ? known : record with { Attempt = known.Attempt, EarlierJobs = known.EarlierJobs };
            }
        }
        else if (known is not null)
        {
            WarnOfRunningJob(known);
            record = record with { EarlierJobs = [.. known.EarlierJobs ?? [], known.ToEarlier()] };
        }

        if (!resumesIntent)
        {
            record = record with { Suffix = JobSuffix.Make(options.Suffix, plan.Fingerprint, record.Attempt) };
        }

        // An intent that was sent may still appear in the list; a fresh one needs a single look for a job made elsewhere.
        var window = record.SubmittedAt is { } sent ? sent + options.LostReplyWindow - time.GetUtcNow() : TimeSpan.Zero;
        var (found, next) = await _search.FindAsync(
            options, record, options.Force && !resumesIntent, record.SubmittedAt is not null, window, cancellationToken);
        return found is not null
            ? await AdoptAsync(options, next, found, cancellationToken)
            : await CreateAsync(options, next, cancellationToken);
    }

    private static void RequireSameProvider(FineTuneOptions options, JobRecord? known)
    {
        if (known is not null && !string.Equals(known.Provider, options.Provider, StringComparison.Ordinal))
        {
            throw new MisuseException(
                $"{options.RecordPath} is the record of job {known.JobId ?? "(none yet)"} at {known.Provider}, and this run uses {options.Provider}. "
                + "Give another output, or move the record away.");
        }
    }

    private static JobRecord NewRecord(FineTuneOptions options, JobPlan plan, JobRecord? known) => new()
    {
        Arm = options.Arm,
        Provider = options.Provider,
        Sandbox = options.Sandbox,
        Status = JobRecord.Intended,
        BaseModel = options.BaseModel,
        Suffix = "",
        Attempt = 1,
        Fingerprint = plan.Fingerprint,
        Hyperparameters = plan.Hyperparameters,
        TrainingFile = plan.TrainingFile,
        ValidationFile = plan.ValidationFile,
        EarlierJobs = known?.EarlierJobs,
    };

    /// <summary>Takes up the recorded job; no record when another job is needed, because this one is gone, failed or is to be replaced.</summary>
    private async Task<(JobRecord? Record, bool IsGone)> ContinueAsync(FineTuneOptions options, JobRecord known, CancellationToken cancellationToken)
    {
        FineTuningJob job;
        try
        {
            job = await service.GetAsync(known.JobId!, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            if (!options.Sandbox && !options.Force)
            {
                throw new StageFailedException(
                    $"Job {known.JobId} of {options.RecordPath} is not known at {known.Provider}. "
                    + "Check that the key belongs to the account that made it, or use --force to train anew.");
            }

            logger.LogWarning("{Arm}: job {Job} is not known at {Provider} any more; training anew", known.Arm, known.JobId, known.Provider);
            return (null, true);
        }

        // A failure is first reported with its reason; only the run after that trains anew.
        if (JobStatus.IsFailure(job.Status) && (known.Failure is not null || options.Force))
        {
            await _account.EnterAsync(options, known.Apply(job), cancellationToken);
            logger.LogWarning(
                "{Arm}: the last job {Job} ended as {Status} ({Reason}); training anew",
                known.Arm, known.JobId, job.Status, known.Failure ?? "not looked at");
            return (null, false);
        }

        if (options.Force && job.Status is JobStatus.Completed)
        {
            logger.LogInformation("{Arm}: job {Job} is complete; training anew, as forced", known.Arm, known.JobId);
            return (null, false);
        }

        var record = known.Apply(job);
        if (!record.IsCompleted)
        {
            logger.LogInformation("{Arm}: going on with job {Job}, which is {Status}", known.Arm, known.JobId, job.Status);
        }

        await _account.EnterAsync(options, record, cancellationToken);
        await records.WriteAsync(record, options.RecordPath, cancellationToken);
        return (record, false);
    }

    private async Task<JobRecord> AdoptAsync(FineTuneOptions options, JobRecord record, FineTuningJob job, CancellationToken cancellationToken)
    {
        logger.LogInformation("{Arm}: found job {Job} by its suffix {Suffix}; going on with it", record.Arm, job.Id, record.Suffix);
        var adopted = record.Apply(job);
        await _account.EnterAsync(options, adopted, cancellationToken);
        await records.WriteAsync(adopted, options.RecordPath, cancellationToken);
        return adopted;
    }

    private async Task<JobRecord> CreateAsync(FineTuneOptions options, JobRecord record, CancellationToken cancellationToken)
    {
        if (await service.LimitsAsync(options.BaseModel, cancellationToken) is { } limits)
        {
            LimitsCheck.Require(record.Hyperparameters, limits, options.BaseModel);
        }

        record = record with { SubmittedAt = null };
        record = record with { TrainingFile = await UploadAsync(record.TrainingFile, options.TrainingPath, cancellationToken) };
        if (record.ValidationFile is { } validation)
        {
            record = record with { ValidationFile = await UploadAsync(validation, options.ValidationPath!, cancellationToken) };
        }

        // Without a time of sending: a run that finds this knows that nothing was sent yet and that the files are there.
        await records.WriteAsync(record, options.RecordPath, cancellationToken);
        var request = new FineTuningRequest(
            record.BaseModel, record.TrainingFile.FileId!, record.ValidationFile?.FileId, record.Hyperparameters, record.Suffix)
        {
            Training = record.Hyperparameters.DpoBeta is null ? TrainingKind.Sft : TrainingKind.Dpo,
            Dpo = record.Hyperparameters.DpoBeta is { } beta ? new DpoOptions { Beta = beta } : null,
            WandbProject = options.WandbProject,
        };
        record = await PriceAsync(options, record, request, cancellationToken);

        // Set aside before the time of sending is written: a refusal leaves nothing to look for.
        await JobAccount.ReserveAsync(options, record, cancellationToken);
        for (var send = 1; ; send++)
        {
            record = record with { SubmittedAt = time.GetUtcNow() };
            await records.WriteAsync(record, options.RecordPath, cancellationToken);
            try
            {
                var job = await service.CreateAsync(request, cancellationToken);
                record = record.Apply(job);

                // The job exists now: write it down whatever happens.
                await records.WriteAsync(record, options.RecordPath, CancellationToken.None);
                logger.LogInformation("{Arm}: created job {Job} ({Suffix})", record.Arm, job.Id, record.Suffix);
                return record;
            }
            catch (MisuseException)
            {
                // Told before anything was sent.
                await JobAccount.ReleaseAsync(options, record);
                await records.WriteAsync(record with { SubmittedAt = null }, options.RecordPath, CancellationToken.None);
                throw;
            }
            catch (ProviderException e) when (send == 1 && IsRefusal(e.StatusCode))
            {
                await JobAccount.ReleaseAsync(options, record);
                record = record with { Status = JobRecord.Rejected, SubmittedAt = null, Failure = e.Message };
                await records.WriteAsync(record, options.RecordPath, CancellationToken.None);
                throw;
            }
            catch (ProviderException e)
            {
                // Once a reply is lost, no later refusal says that nothing was made.
                logger.LogWarning("{Arm}: it is not clear whether the job was created ({Reason}); looking for it", record.Arm, e.Message);
                var (found, _) = await _search.FindAsync(
                    options, record, passCompleted: false, takeFailed: true, options.LostReplyWindow, cancellationToken);
                if (found is not null)
                {
                    return await AdoptAsync(options, record, found, cancellationToken);
                }

                if (send == MaxSends || IsRefusal(e.StatusCode))
                {
                    throw new StageFailedException(
                        $"The job for '{record.Arm}' could not be created: {e.Message} No job with the suffix {record.Suffix} is listed at "
                        + $"{record.Provider}. Run again later; it is looked for again before it is created.", e);
                }
            }
        }
    }

    private async Task<JobFile> UploadAsync(JobFile file, string path, CancellationToken cancellationToken) =>
        file.FileId is not null ? file : file with { FileId = await service.UploadAsync(path, progress, cancellationToken) };

    private async Task<JobRecord> PriceAsync(
        FineTuneOptions options, JobRecord record, FineTuningRequest request, CancellationToken cancellationToken)
    {
        FineTuningEstimate? estimate = null;
        try
        {
            estimate = await service.EstimateAsync(request, cancellationToken);
        }
        catch (ProviderException e)
        {
            logger.LogWarning("{Arm}: the provider tells no price ({Reason})", record.Arm, e.Message);
        }

        if (estimate?.Allowed == false)
        {
            throw new StageFailedException(
                $"{record.Provider} does not allow the job for '{record.Arm}' (estimated price {Price(estimate.PriceUsd)}): the account's limit is reached. "
                + "Raise the limit or train on less.");
        }

        var price = estimate?.PriceUsd ?? options.FallbackPrice?.Invoke(record, estimate);
        logger.LogInformation("{Arm}: {Examples} examples, estimated price {Price}", record.Arm, record.TrainingFile.Examples, Price(price));
        return record with { EstimatedPriceUsd = price };

        static string Price(decimal? usd) => usd is { } known ? FormattableString.Invariant($"{known:0.####} USD") : "unknown";
    }

    /// <summary>Whether the provider's answer says for certain that no job was made.</summary>
    private static bool IsRefusal(int? status) => status is >= 400 and < 500 and not (408 or 409 or 425 or 429);

    private void WarnOfRunningJob(JobRecord known)
    {
        if (known.JobId is not null && !JobStatus.IsTerminal(known.Status))
        {
            logger.LogWarning(
                "{Arm}: job {Job}, made from other inputs, was last seen {Status} and goes on at {Provider}; cancel it there if it is not wanted",
                known.Arm, known.JobId, known.Status, known.Provider);
        }
    }
}
