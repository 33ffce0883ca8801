using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Together.Wire;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Batch;

/// <summary>Looks at batches until they end, and has them collected.</summary>
internal sealed class BatchWatcher(
    TogetherClient client, BatchCollector collector, BatchFolder folder, BatchOptions options, TimeProvider time, IProgressSink progress, ILogger logger)
{
    /// <summary>How often a batch that has ended and names no file is looked at again, over all runs.</summary>
    private const int FileLooks = 3;

    /// <summary>Follows batches until all are collected.</summary>
    /// <param name="batches">The batches.</param>
    /// <param name="ended">Told of each one that is collected.</param>
    /// <param name="cancellationToken">Stops the following; the batches go on.</param>
    /// <exception cref="WorkPendingException">The deadline passed.</exception>
    public async Task FollowAsync(IReadOnlyList<BatchUnderWay> batches, Action<BatchUnderWay, BatchResult> ended, CancellationToken cancellationToken)
    {
        var left = batches.ToList();
        var total = batches.Sum(b => b.Record.Requests);
        logger.LogInformation("Waiting for {Count} calls in {Batches} batches", total, batches.Count);
        using var scope = progress.Begin("calls by batch", total);
        var started = time.GetTimestamp();
        try
        {
            while (true)
            {
                foreach (var batch in left.ToList())
                {
                    if (await LookAsync(batch, cancellationToken) is { } result)
                    {
                        left.Remove(batch);
                        ended(batch, result);
                    }
                }

                scope.Report(total - (long)left.Sum(b => b.Record.Requests * (1 - b.Done)), left.Count > 0 ? left[0].Record.Status?.ToLowerInvariant() : null);
                if (left.Count == 0)
                {
                    return;
                }

                await Task.Delay(NextWait(left, started), time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("Stopped following {Count} batches, which go on at the provider. Run again to collect them", left.Count);
            throw;
        }
    }

    /// <summary>One look; collects a batch that has ended.</summary>
    /// <returns>Null while it goes on, or when the provider could not be reached just now.</returns>
    public async Task<BatchResult?> LookAsync(BatchUnderWay batch, CancellationToken cancellationToken)
    {
        var record = batch.Record;
        BatchJob job;
        try
        {
            job = await client.Batches.GetAsync(record.BatchId!, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            logger.LogWarning("Batch {Name} ({Id}) has vanished at the provider; its calls are made again", record.Name, record.BatchId);
            return await collector.CollectAsync(batch, null, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode is null or 408 or 409 or 425 or 429 or >= 500)
        {
            logger.LogWarning("{Reason} Looking again in {Interval}", e.Message, options.CheckInterval);
            return null;
        }

        var status = BatchStatus.Of(job.Status);
        if (status != record.Status)
        {
            logger.LogDebug("Batch {Name} is {Status}", record.Name, status);
            batch.Record = record with { Status = status };
        }

        batch.Done = Math.Clamp((job.Progress ?? 0) / 100, 0, 1);
        if (!BatchStatus.IsEnd(status))
        {
            return null;
        }

        // What was answered before a batch expired or was cancelled is paid for too, and may be named a little later than the end.
        if (status != BatchStatus.Failed && string.IsNullOrEmpty(job.OutputFileId) && string.IsNullOrEmpty(job.ErrorFileId) && batch.Record.EmptyLooks < FileLooks)
        {
            batch.Record = batch.Record with { EmptyLooks = batch.Record.EmptyLooks + 1 };
            await folder.WriteAsync(batch.Record, cancellationToken);
            return null;
        }

        if (status != BatchStatus.Completed)
        {
            logger.LogWarning("Batch {Name} ({Id}) ended as {Status}: {Reason}", record.Name, record.BatchId, status, client.Batches.Words(job.Error));
        }

        return await collector.CollectAsync(batch, job, cancellationToken);
    }

    private TimeSpan NextWait(List<BatchUnderWay> left, long started)
    {
        if (options.Deadline is not { } deadline)
        {
            return options.CheckInterval;
        }

        var rest = deadline - time.GetElapsedTime(started);
        if (rest > TimeSpan.Zero)
        {
            return rest < options.CheckInterval ? rest : options.CheckInterval;
        }

        throw new WorkPendingException(
            $"{left.Count} batches ({string.Join(", ", left.Take(3).Select(b => b.Record.BatchId))}{(left.Count > 3 ? ", …" : "")}) still go on at the provider after "
            + $"{deadline:g}. Run again to go on following them.");
    }
}
