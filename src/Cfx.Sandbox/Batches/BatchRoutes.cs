using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Http;

namespace Cfx.Sandbox.Batches;

/// <summary>The routes under /batches. Their errors are a bare text.</summary>
internal sealed class BatchRoutes(BatchStore batches, BatchWorker worker, BatchPacing pacing, FileStore files)
{
    private const string ChatEndpoint = "/v1/chat/completions";
    private const long MaximumBytes = 100 << 20;

    public IEnumerable<Route> All() =>
    [
        new("POST", "/batches", Create) { HasBareErrors = true },
        new("GET", "/batches", _ => Task.FromResult(Reply.Json(new JsonArray([.. batches.List(Describe)])))) { HasBareErrors = true },
        new("GET", "/batches/{id}", Retrieve) { HasBareErrors = true },
        new("POST", "/batches/{id}/cancel", CancelAsync) { HasBareErrors = true },
    ];

    private Task<Reply> Create(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        var endpoint = body.RequiredText("endpoint");
        if (endpoint is not ChatEndpoint)
        {
            throw ApiException.BadField("endpoint", $"The endpoint must be {ChatEndpoint}.");
        }

        var input = files.Get(body.RequiredText("input_file_id"));
        if (input is not { Purpose: FileRecord.ForBatches, ContentHash: not null })
        {
            throw ApiException.BadField("input_file_id", $"The file '{input.Id}' {(input.ContentHash is null ? "has no content yet" : $"was uploaded for '{input.Purpose}', not for {FileRecord.ForBatches}")}.");
        }

        if (input.Bytes > MaximumBytes)
        {
            throw ApiException.BadField("input_file_id", $"The file has {input.Bytes} bytes; a batch takes {MaximumBytes}.");
        }

        var job = batches.Create(input, endpoint, Window(body.Text("completion_window") ?? "24h"), call.Fault, Describe);
        return Task.FromResult(Reply.Json(new JsonObject { ["job"] = job }, 201));
    }

    private Task<Reply> Retrieve(ApiCall call)
    {
        var seen = batches.Read(call.Id, Describe);
        pacing.Polled(call.Id);
        return Task.FromResult(Reply.Json(seen));
    }

    private async Task<Reply> CancelAsync(ApiCall call)
    {
        await worker.CancelAsync(call.Id, call.Aborted);
        return Reply.Json(batches.Read(call.Id, Describe));
    }

    private static TimeSpan Window(string text) =>
        text is [.. var hours, 'h'] && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 168
            ? TimeSpan.FromHours(number)
            : throw ApiException.BadField("completion_window", "The field 'completion_window' must be a number of hours such as 24h.");

    private static JsonObject Describe(BatchRecord batch)
    {
        var described = new JsonObject
        {
            ["id"] = batch.Id,
            ["user_id"] = "sandbox-user",
            ["input_file_id"] = batch.InputFile,
            ["file_size_bytes"] = batch.InputBytes,
            ["status"] = batch.Status,
            ["job_deadline"] = Wire.Time(batch.Deadline),
            ["created_at"] = Wire.Time(batch.CreatedAt),
            ["endpoint"] = batch.Endpoint,
            ["progress"] = batch.Progress,
        };
        foreach (var (name, value) in new[]
        {
            ("model_id", batch.Model), ("output_file_id", batch.OutputFile), ("error_file_id", batch.ErrorFile), ("error", batch.Error),
            ("completed_at", batch.CompletedAt is { } completed ? Wire.Time(completed) : null),
        })
        {
            if (value is not null)
            {
                described[name] = value;
            }
        }

        return described;
    }
}
