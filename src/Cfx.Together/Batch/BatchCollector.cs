using Cfx.Core.Generation;
using Cfx.Together.Store;
using Cfx.Together.Wire;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Batch;

/// <summary>Stores the results of a batch that has ended, each under the key of its call.</summary>
internal sealed class BatchCollector(
    TogetherClient client, ResponseStore store, CallOrigin origin, BatchTerms terms, BatchFolder folder, TimeProvider time, ILogger logger)
{
    /// <summary>How many answers wait for the disk together.</summary>
    private const int StoredAtOnce = 256;

    /// <summary>Reads both files and notes the batch as collected.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="job">What the provider last said of it; null when it has vanished there.</param>
    /// <param name="cancellationToken">Stops between answers; the next run begins anew and stores nothing twice.</param>
    public async Task<BatchResult> CollectAsync(BatchUnderWay batch, BatchJob? job, CancellationToken cancellationToken)
    {
        var record = batch.Record;
        var reading = new Reading(batch.Calls.Ids.Count);
        using (var calls = batch.Calls.Read())
        {
            foreach (var file in new[] { job?.OutputFileId, job?.ErrorFileId })
            {
                if (!string.IsNullOrEmpty(file))
                {
                    await ReadAsync(record, calls, file, reading, cancellationToken);
                }
            }

            await TellFailuresAsync(record, calls, reading);
            await SettleAsync(batch, calls, job, reading, cancellationToken);
        }

        if (reading.Strange > 0)
        {
            logger.LogWarning("Batch {Name}: {Count} lines of its results belong to none of its calls", record.Name, reading.Strange);
        }

        await folder.FinishAsync(record with
        {
            State = job is null ? BatchRecord.Lost : BatchRecord.Collected,
            Status = job is null ? record.Status : BatchStatus.Of(job.Status),
            Answered = reading.Answered.Count,
            OutputFileId = Named(job?.OutputFileId),
            ErrorFileId = Named(job?.ErrorFileId),
        });
        logger.LogInformation(
            "Batch {Name} is {Status}: {Answered} of {Count} calls answered",
            record.Name, job is null ? "gone" : BatchStatus.Of(job.Status), reading.Answered.Count, batch.Calls.Ids.Count);

        // A batch that failed as a whole was refused as such; its calls are better made one by one, where each fault has its own message.
        var refused = job is not null && BatchStatus.Of(job.Status) == BatchStatus.Failed && reading.Answered.Count == 0;
        return new BatchResult(reading.Answered.Count, batch.Calls.Ids.Count - reading.Answered.Count, refused ? [.. batch.Calls.Ids] : []);
    }

    private static string? Named(string? file) => string.IsNullOrEmpty(file) ? null : file;

    private async Task ReadAsync(BatchRecord record, BatchCalls.Reader calls, string file, Reading reading, CancellationToken cancellationToken)
    {
        await using var results = folder.OpenResults(record.Name);
        try
        {
            await client.Files.DownloadAsync(file, results, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            logger.LogWarning("Batch {Name}: {Reason}", record.Name, e.Message);
            return;
        }

        results.Position = 0;
        var storing = new List<Task>(StoredAtOnce);
        try
        {
            await foreach (var (_, line) in ByteLines.ReadAsync(results, cancellationToken))
            {
                if (Take(record, calls, client.Batches.Read(line.Span), reading) is { } answer)
                {
                    storing.Add(store.AddAsync(answer, BatchSubmitter.BudgetKey(record)));
                }

                if (storing.Count == StoredAtOnce)
                {
                    await Task.WhenAll(storing);
                    storing.Clear();
                }
            }
        }
        finally
        {
            await Task.WhenAll(storing);
        }
    }

    private StoredAnswer? Take(BatchRecord record, BatchCalls.Reader calls, BatchReply result, Reading reading)
    {
        if (result.Id is null || calls.Find(result.Id) is not { } call)
        {
            reading.Strange++;
            return null;
        }

        if (reading.Answered.Contains(result.Id))
        {
            return null;
        }

        if (result.Reply is not { } reply)
        {
            reading.Failed[result.Id] = result;
            if (result.MayBeBilled)
            {
                reading.Useless.Add(result.Id);
            }

            return null;
        }

        reading.Answered.Add(result.Id);
        reading.Failed.Remove(result.Id);
        if (store.Find(call.Key) is not null)
        {
            // A run that was ended while it collected had come so far.
            return null;
        }

        // A reply that does not tell its tokens costs the most, as it does when asked directly.
        var price = (terms.PriceUsd ?? origin.Price)(record.Model, reply) ?? terms.MostUsd(call.Request);
        var now = time.GetUtcNow();
        return new StoredAnswer
        {
            Key = call.Key,
            Server = record.Server,
            ModelIdentity = record.ModelIdentity,
            Stage = record.Stage,
            Study = record.Study,
            Model = record.Model,
            Request = call.Canonical,
            Reply = reply with { CreatedAt = reply.CreatedAt.ToUniversalTime() },
            PriceUsd = price,
            SentAt = record.SubmittedAt ?? record.PlannedAt,
            AnsweredAt = now,
        };
    }

    private async Task TellFailuresAsync(BatchRecord record, BatchCalls.Reader calls, Reading reading)
    {
        foreach (var chunk in reading.Failed.Values.Chunk(StoredAtOnce))
        {
            await Task.WhenAll(chunk.Select(failed => store.AddFailureAsync(new FailedCall(
                calls.Find(failed.Id!)!.Key, record.Server, record.Stage, record.Study, record.Model,
                $"A call to '{record.Model}' in the batch {record.BatchId} failed: {failed.Fault}", failed.StatusCode, time.GetUtcNow()))));
        }

        foreach (var reason in reading.Failed.Values.GroupBy(f => f.Fault, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Take(3))
        {
            logger.LogWarning("Batch {Name}: {Count} calls failed: {Reason}", record.Name, reason.Count(), reason.Key);
        }
    }

    /// <summary>Answers are counted as they are stored. Of a call without any result, or with one that is of no use, nobody knows what was billed: it
    /// counts as if it cost the most, unless the whole batch was refused.</summary>
    private async Task SettleAsync(BatchUnderWay batch, BatchCalls.Reader calls, BatchJob? job, Reading reading, CancellationToken cancellationToken)
    {
        if (terms.BudgetOf(batch.Record.Study) is not { } budget)
        {
            return;
        }

        var key = BatchSubmitter.BudgetKey(batch.Record);
        var refused = job is not null && BatchStatus.Of(job.Status) == BatchStatus.Failed;
        if (refused && reading.Answered.Count == 0 && reading.Useless.Count == 0)
        {
            await budget.ReleaseAsync(key, cancellationToken);
            return;
        }

        decimal? cost = 0;
        foreach (var id in batch.Calls.Ids.Where(id => !reading.Answered.Contains(id) && (reading.Useless.Contains(id) || (!refused && !reading.Failed.ContainsKey(id)))))
        {
            cost += calls.Find(id) is { } call ? terms.MostUsd(call.Request) : null;
        }

        await budget.SettleAsync(key, cost, cancellationToken);
    }

    private sealed class Reading(int calls)
    {
        public HashSet<string> Answered { get; } = new(calls, StringComparer.Ordinal);

        public Dictionary<string, BatchReply> Failed { get; } = new(StringComparer.Ordinal);

        /// <summary>Calls that gave something that may have been billed and is no answer.</summary>
        public HashSet<string> Useless { get; } = new(StringComparer.Ordinal);

        /// <summary>Lines that belong to no call of the batch.</summary>
        public int Strange { get; set; }
    }
}
