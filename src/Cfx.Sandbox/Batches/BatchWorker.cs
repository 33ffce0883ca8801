using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Chat;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Models;
using Cfx.Sandbox.State;
using Microsoft.Extensions.Logging;

namespace Cfx.Sandbox.Batches;

/// <summary>Answers batches in the background, and goes on with what an earlier server left.</summary>
internal sealed class BatchWorker(BatchStore batches, FileStore files, ChatEngine engine, BatchPacing pacing, Ledger ledger, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<string, (CancellationTokenSource Stop, Task Work)> _running = new(StringComparer.Ordinal);

    /// <summary>Works until stopped; batches under way are stored as they then stand.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                foreach (var id in await batches.NextAsync(cancellationToken))
                {
                    var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    _running[id] = (stop, Task.Run(() => WorkAsync(id, stop.Token, cancellationToken), CancellationToken.None));
                }
            }
        }
        finally
        {
            foreach (var (stop, work) in _running.Values)
            {
                await work;
                stop.Dispose();
            }
        }
    }

    /// <summary>Ends a batch early; its lines answered so far are kept.</summary>
    /// <exception cref="ApiException">400: it is over. 404: no such batch.</exception>
    public async Task CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (batches.Read(id, batch => batch.IsOver()))
        {
            throw new ApiException(400, $"The batch '{id}' is {batches.Read(id, batch => batch.Status)} and can no longer be cancelled.");
        }

        if (_running.TryGetValue(id, out var running))
        {
            await running.Stop.CancelAsync();
            await running.Work.WaitAsync(cancellationToken);
        }
        else
        {
            End(id, BatchRecord.Cancelled);
        }
    }

    private async Task WorkAsync(string id, CancellationToken cancellationToken, CancellationToken serverStops)
    {
        try
        {
            using var answers = await BatchAnswers.OpenAsync(batches.AnswersPath(id), CancellationToken.None);
            try
            {
                await AnswerAsync(id, answers, cancellationToken);
            }
            catch (OperationCanceledException) when (!serverStops.IsCancellationRequested)
            {
                await PublishAsync(id, answers, null);
                End(id, BatchRecord.Cancelled);
            }
        }
        catch (InvalidDataException error)
        {
            End(id, BatchRecord.Failed, "The input is not valid: " + error.Message);
        }
        catch (OperationCanceledException)
        {
            // The server stops; another goes on.
            return;
        }
        catch (Exception error)
        {
            logger.LogError(error, "The sandbox's batch {Batch} failed", id);
            End(id, BatchRecord.Failed, "The batch failed: " + error.Message);
        }

        File.Delete(batches.AnswersPath(id));
    }

    private async Task AnswerAsync(string id, BatchAnswers answers, CancellationToken cancellationToken)
    {
        var (input, created, kind, amount) = batches.Read(id, batch => (batch.InputFile, batch.CreatedAt, batch.Fate, batch.FateAmount));
        var lines = await BatchInput.ReadAsync(files.ContentPath(files.Get(input)), cancellationToken);
        batches.Change(id, batch => (batch.Status, batch.Model) = (BatchRecord.InProgress, lines[0].Body.Text("model")));
        await pacing.WaitAsync(id, created, cancellationToken);
        if (kind == FaultKind.BatchHangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        if (kind == FaultKind.BatchFails)
        {
            End(id, BatchRecord.Failed, "The batch failed on purpose.");
            return;
        }

        var fate = new BatchFate(kind, amount, lines);
        var due = kind == FaultKind.BatchExpires ? lines.Take(lines.Count / 2) : lines;
        await Parallel.ForEachAsync(
            due.Where(line => !answers.Has(line.CustomId)),
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (line, token) =>
            {
                answers.Add(await AnswerAsync(id, line, fate, token));
                batches.Change(id, batch => batch.Progress = 100.0 * answers.Count / lines.Count, store: false);
            });
        await PublishAsync(id, answers, fate);
        End(id, kind == FaultKind.BatchExpires ? BatchRecord.Expired : BatchRecord.Completed);
    }

    /// <summary>One line's answer as it will stand in the output, or its error as in the error file.</summary>
    private async Task<JsonObject> AnswerAsync(string id, BatchLine line, BatchFate fate, CancellationToken cancellationToken)
    {
        var hash = ContentId.Of(Encoding.UTF8.GetBytes(line.Body.GetRawText()));
        var entry = new LedgerEntry(
            time.GetUtcNow(), -1, "POST", "/chat/completions", 200, line.Body.Find("model")?.ToString(), hash, line.Body.GetRawText().Length, 0, null)
        {
            Path = "/batches/" + id,
            Delivered = true,
            Batch = id,
            CustomId = line.CustomId,
        };
        try
        {
            if (fate.Fails(line.CustomId))
            {
                entry = entry with { Fault = FaultRule.NameOf(FaultKind.BatchLinesFail) };
                throw new ApiException(500, "The line failed on purpose.", "server_error", code: "internal_error");
            }

            if (line.Body.Flag("stream") is true)
            {
                throw ApiException.BadField("stream", "A line of a batch cannot be streamed.");
            }

            var answer = await engine.AnswerAsync(line.Body, isBatch: true, cancellationToken);
            var body = ChatWire.Whole(answer);
            var isLost = fate.Loses(line.CustomId);
            ledger.Append(entry with
            {
                BilledUsd = answer.BilledUsd,
                BytesOut = Wire.Bytes(body).Length,
                Delivered = !isLost,
                Fault = isLost ? FaultRule.NameOf(FaultKind.BatchLinesMissing) : null,
            });
            return new JsonObject { ["custom_id"] = line.CustomId, ["response"] = new JsonObject { ["status_code"] = 200, ["body"] = body } };
        }
        catch (ApiException error)
        {
            ledger.Append(entry with { Status = error.Status });
            return new JsonObject
            {
                ["custom_id"] = line.CustomId,
                ["error"] = new JsonObject { ["message"] = error.Message, ["code"] = error.Code ?? error.Type },
            };
        }
    }

    /// <summary>Makes the output and error files: their lines are shuffled, since no order is promised.</summary>
    private async Task PublishAsync(string id, BatchAnswers answers, BatchFate? fate)
    {
        var output = new List<JsonObject>();
        var errors = new List<JsonObject>();
        foreach (var line in answers.All())
        {
            var name = line["custom_id"]!.GetValue<string>();
            var target = line.ContainsKey("error") ? errors : output;
            if (fate?.Loses(name) is not true)
            {
                target.AddRange(fate?.Repeats(name) is true ? [line, line] : [line]);
            }
        }

        var outputFile = await WriteAsync(id, "output", output);
        var errorFile = await WriteAsync(id, "errors", errors);
        batches.Change(id, batch => (batch.OutputFile, batch.ErrorFile) = (outputFile, errorFile), store: false);
    }

    private async Task<string?> WriteAsync(string id, string name, List<JsonObject> lines)
    {
        if (lines.Count == 0)
        {
            return null;
        }

        var shuffled = lines.ToArray();
        new SplitMix64(SplitMix64.Hash(id + name)).Shuffle(shuffled);
        using var content = new MemoryStream();
        foreach (var line in shuffled)
        {
            content.Write(Wire.Bytes(line));
            content.WriteByte((byte)'\n');
        }

        content.Position = 0;
        var file = files.Create($"{id}-{name}.jsonl", "batch-generated", "jsonl");
        return (await files.ReceiveAsync(file.Id, content, CancellationToken.None)).Id;
    }

    private void End(string id, string status, string? error = null) => batches.Change(id, batch =>
    {
        (batch.Status, batch.Error, batch.CompletedAt) = (status, error, time.GetUtcNow());
        batch.Progress = status is BatchRecord.Completed ? 100 : batch.Progress;
    });
}
