using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Together.Store;
using Cfx.Together.Wire;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Batch;

/// <summary>Makes sure that exactly one batch exists for a file of calls, however often the run is interrupted.</summary>
internal sealed class BatchSubmitter(
    TogetherClient client, CallOrigin origin, BatchOptions options, BatchTerms terms, BatchFolder folder, TimeProvider time, IProgressSink progress,
    ILogger logger)
{
    private const int MaxSends = 3;
    private const int NameDigits = 16;
    private const string Purpose = "batch-api";

    /// <summary>The key of a batch in the budget.</summary>
    public static string BudgetKey(BatchRecord record) => "batch:" + record.Name;

    /// <summary>Writes the intent, then has the batch made or finds it made already.</summary>
    /// <exception cref="Core.Spending.BudgetReachedException">The batch would pass the budget; it is not made.</exception>
    /// <exception cref="ProviderException">The provider refused it, or it stayed unclear whether it exists; then the next run finds out.</exception>
    public async Task<BatchUnderWay> SubmitAsync(BatchDraft draft, CancellationToken cancellationToken)
    {
        var record = await PlanAsync(draft, cancellationToken);
        if (terms.BudgetOf(record.Study) is { } budget)
        {
            try
            {
                await budget.ReserveAsync(BudgetKey(record), record.Stage, $"{record.Requests} calls to {record.Model} by batch", record.MostUsd, cancellationToken);
            }
            catch (CfxException)
            {
                folder.Forget(record);
                throw;
            }
        }

        var (intent, job) = await IntendAsync(record, cancellationToken);
        job ??= await CreateAsync(intent, cancellationToken);
        record = await AdoptAsync(intent, job, cancellationToken);
        logger.LogInformation("Batch {Name}: {Count} calls to {Model} are with the provider as {Id}", record.Name, record.Requests, record.Model, record.BatchId);
        return new BatchUnderWay(record, (await BatchCalls.OpenAsync(folder.Calls(record.Name), record, cancellationToken))!);
    }

    /// <summary>A batch of another study as its record says, so that none of its calls is bought again; the record stays as it is.</summary>
    /// <returns>Null when nothing was bought yet, or the calls are not known.</returns>
    public async Task<BatchUnderWay?> PeekAsync(BatchRecord record, CancellationToken cancellationToken) =>
        record.State is BatchRecord.Creating or BatchRecord.Created
        && await BatchCalls.OpenAsync(folder.Calls(record.Name), record, cancellationToken) is { } calls
            ? new BatchUnderWay(record, calls)
            : null;

    /// <summary>Finds out whether a batch of another study, which was about to be created, exists.</summary>
    /// <returns>False when the provider does not list it. It is then left to its own study.</returns>
    public async Task<bool> IsThereAsync(BatchUnderWay batch, CancellationToken cancellationToken)
    {
        if (await FindAgainAsync(batch.Record, cancellationToken) is not { } job)
        {
            return false;
        }

        batch.Record = await AdoptAsync(batch.Record, job, cancellationToken);
        return true;
    }

    /// <summary>Takes up a batch that an earlier run left: found at the provider, or forgotten when it was never made.</summary>
    /// <returns>Null when there is nothing to follow.</returns>
    public async Task<BatchUnderWay?> ResumeAsync(BatchRecord record, CancellationToken cancellationToken)
    {
        if (record.State == BatchRecord.Creating)
        {
            var job = await FindAgainAsync(record, cancellationToken);
            if (job is null)
            {
                await ForgetAsync(record, cancellationToken);
                return null;
            }

            record = await AdoptAsync(record, job, cancellationToken);
        }
        else if (record.State == BatchRecord.Planned)
        {
            await ForgetAsync(record, cancellationToken);
            return null;
        }

        if (await BatchCalls.OpenAsync(folder.Calls(record.Name), record, cancellationToken) is { } calls)
        {
            return new BatchUnderWay(record, calls);
        }

        logger.LogWarning("Batch {Name} ({Id}) cannot be collected: its calls are no longer in {Path}", record.Name, record.BatchId, folder.Calls(record.Name));
        await folder.FinishAsync(record with { State = BatchRecord.Lost });
        return null;
    }

    /// <summary>Has the file at the provider and writes down that the batch is about to be created; or finds the batch.</summary>
    private async Task<(BatchRecord Record, BatchJob? Job)> IntendAsync(BatchRecord record, CancellationToken cancellationToken)
    {
        try
        {
            // The name says what is asked: a file of this name is this batch's, whichever run or machine sent it.
            var files = await FilesAsync(record, cancellationToken);
            if (files.Count > 0 && await FindAsync(files.Select(f => f.Id!).ToHashSet(StringComparer.Ordinal), cancellationToken) is { } job)
            {
                logger.LogInformation("Batch {Name} exists already: {Id}", record.Name, job.Id);
                return (record, job);
            }

            var whole = files.FirstOrDefault(f => f.Bytes == record.Bytes && BatchStatus.Of(f.ProcessingStatus) is ("" or BatchStatus.Completed));
            var file = whole ?? await client.Files.UploadAsync(folder.Calls(record.Name), Purpose, progress, cancellationToken);
            record = record with { InputFileId = file.Id, State = BatchRecord.Creating, SubmittedAt = time.GetUtcNow() };
        }
        catch (CfxException)
        {
            await ForgetAsync(record, cancellationToken);
            throw;
        }

        await folder.WriteAsync(record, cancellationToken);
        return (record, null);
    }

    private async Task<BatchRecord> PlanAsync(BatchDraft draft, CancellationToken cancellationToken)
    {
        var fingerprint = draft.Fingerprint;

        // The same calls again, after a batch of them ended without answers or beside one of another study that may never have been made: another
        // batch, so another name. No record is ever written over.
        var taken = (await folder.ReadAsync(cancellationToken)).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var plain = $"cfx-{origin.Stage}-{fingerprint[..NameDigits]}";
        var name = plain;
        for (var number = 2; taken.Contains(name); number++)
        {
            name = FormattableString.Invariant($"{plain}-{number}");
        }

        var record = new BatchRecord
        {
            Name = name,
            Fingerprint = fingerprint,
            State = BatchRecord.Planned,
            Server = origin.Server,
            Study = origin.Study,
            Stage = origin.Stage,
            Model = draft.Model,
            ModelIdentity = draft.Identity,
            Requests = draft.Count,
            Bytes = draft.Bytes,
            MostUsd = draft.MostUsd,
            PlannedAt = time.GetUtcNow(),
        };
        await draft.KeepAsync(folder.Calls(name), cancellationToken);
        await folder.WriteAsync(record, cancellationToken);
        return record;
    }

    private async Task<BatchJob> CreateAsync(BatchRecord record, CancellationToken cancellationToken)
    {
        for (var sends = 1; ; sends++)
        {
            try
            {
                return await client.Batches.CreateAsync(record.Name, record.InputFileId!, cancellationToken);
            }
            catch (ProviderException e) when (sends == 1 && IsRefusal(e))
            {
                await ForgetAsync(record, cancellationToken);
                throw;
            }
            catch (ProviderException e)
            {
                // No answer, or one that does not say what became of the call: there may be a batch now, and no later refusal says that there is none.
                logger.LogWarning("{Reason} Looking for the batch before it would be sent again", e.Message);
                if (await FindAgainAsync(record, cancellationToken) is { } job)
                {
                    return job;
                }

                if (sends == MaxSends || IsRefusal(e))
                {
                    throw new ProviderException(
                        $"It is not clear whether the batch {record.Name} was made: {e.Message} Run again later: it is looked for before it would be made again.", null);
                }
            }
        }
    }

    private static bool IsRefusal(ProviderException e) => e.StatusCode is 400 or 401 or 402 or 403 or 404 or 405 or 413 or 422 or 501;

    /// <summary>Looks more than once: what was just made may not be listed yet.</summary>
    private async Task<BatchJob?> FindAgainAsync(BatchRecord record, CancellationToken cancellationToken)
    {
        if (await FindAsync(new HashSet<string>(StringComparer.Ordinal) { record.InputFileId! }, cancellationToken) is { } job)
        {
            return job;
        }

        await Task.Delay(options.LostReplyWindow, time, cancellationToken);
        return await FindAsync(new HashSet<string>(StringComparer.Ordinal) { record.InputFileId! }, cancellationToken);
    }

    private async Task<BatchJob?> FindAsync(HashSet<string> files, CancellationToken cancellationToken) =>
        (await client.Batches.ListAsync(cancellationToken))
            .Where(b => b.InputFileId is { } file && files.Contains(file))
            .OrderBy(b => BatchStatus.Of(b.Status) == BatchStatus.Completed ? 0 : BatchStatus.IsEnd(b.Status) ? 2 : 1)
            .ThenBy(b => b.Id, StringComparer.Ordinal)
            .FirstOrDefault();

    private async Task<IReadOnlyList<FileObject>> FilesAsync(BatchRecord record, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(folder.Calls(record.Name));
        return [.. (await client.Files.ListAsync(cancellationToken)).Where(f => !string.IsNullOrEmpty(f.Id) && f.Filename == name)];
    }

    private async Task<BatchRecord> AdoptAsync(BatchRecord record, BatchJob job, CancellationToken cancellationToken)
    {
        record = record with
        {
            State = BatchRecord.Created,
            BatchId = job.Id,
            InputFileId = job.InputFileId ?? record.InputFileId,
            Status = BatchStatus.Of(job.Status),
        };
        await folder.WriteAsync(record, cancellationToken);
        return record;
    }

    private async Task ForgetAsync(BatchRecord record, CancellationToken cancellationToken)
    {
        if (terms.BudgetOf(record.Study) is { } budget)
        {
            await budget.ReleaseAsync(BudgetKey(record), cancellationToken);
        }

        folder.Forget(record);
    }
}
