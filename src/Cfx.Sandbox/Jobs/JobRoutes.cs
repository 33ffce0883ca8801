using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Prices;

namespace Cfx.Sandbox.Jobs;

/// <summary>The routes under /fine-tunes.</summary>
internal sealed class JobRoutes(JobStore jobs, JobWorker worker, JobPacing pacing, FileStore files, ModelDirectory models, JobRequestReader reader, PriceList prices)
{
    public IEnumerable<Route> All() =>
    [
        new("POST", "/fine-tunes", Create),
        new("GET", "/fine-tunes", _ => Data(new JsonArray([.. jobs.List(JobWire.Short)]))),
        new("POST", "/fine-tunes/estimate-price", EstimateAsync),
        new("GET", "/fine-tunes/models/supported", Supported),
        new("GET", "/fine-tunes/models/limits", Limits),
        new("GET", "/fine-tunes/{id}", Retrieve),
        new("DELETE", "/fine-tunes/{id}", Delete),
        new("GET", "/fine-tunes/{id}/events", call => Data(Look(call, JobWire.Events))),
        new("GET", "/fine-tunes/{id}/checkpoints", call => Data(Look(call, JobWire.Checkpoints))),
        new("GET", "/fine-tunes/{id}/metrics", Metrics),
        new("POST", "/fine-tunes/{id}/cancel", Cancel),
        new("GET", "/finetune/download", Download),
    ];

    private static Task<Reply> Data(JsonArray data) => Task.FromResult(Reply.Json(new JsonObject { ["data"] = data }));

    private T Look<T>(ApiCall call, Func<JobRecord, T> read)
    {
        var seen = jobs.Read(call.Id, read);
        pacing.Polled(call.Id);
        return seen;
    }

    private Task<Reply> Create(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        call.Model = body.Text("model");
        var settings = reader.Read(body);
        return Task.FromResult(Reply.Json(jobs.Create(settings, files.Get(settings.TrainingFile), call.Fault?.Kind, JobWire.Short)));
    }

    private Task<Reply> Retrieve(ApiCall call)
    {
        var waiting = jobs.List(job => (job.Id, Over: JobWord.IsTerminal(job.Status))).TakeWhile(job => !string.Equals(job.Id, call.Id, StringComparison.Ordinal)).Count(job => !job.Over);
        return Task.FromResult(Reply.Json(Look(call, job => JobWire.Full(job, waiting))));
    }

    private Task<Reply> Metrics(ApiCall call)
    {
        var filter = MetricFilter.Read(call);
        return Task.FromResult(Reply.Json(new JsonObject { ["metrics"] = Look(call, job => JobWire.Metrics(job, filter)) }));
    }

    private Task<Reply> Cancel(ApiCall call)
    {
        var described = jobs.Cancel(call.Id, JobWire.Short);
        worker.Interrupt(call.Id);
        return Task.FromResult(Reply.Json(described));
    }

    private Task<Reply> Delete(ApiCall call)
    {
        jobs.Delete(call.Id);
        worker.Interrupt(call.Id);
        return Task.FromResult(Reply.Json(new JsonObject { ["message"] = $"Fine-tuning job {call.Id} and its model are deleted." }));
    }

    private Task<Reply> Download(ApiCall call)
    {
        var id = call.Query("ft_id") ?? throw ApiException.Missing("ft_id");
        var (isLora, status, last) = jobs.Read(id, job => (job.Settings.LoraRank is not null, job.Status, job.Step));
        if (call.Query("checkpoint") is "adapter" && !isLora)
        {
            throw ApiException.BadField("checkpoint", "A full training has no adapter: ask for model_output_path.");
        }

        var step = call.Query("checkpoint_step") is { } text && !string.Equals(text, last.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) ? text : null;
        var model = jobs.FindModelOfJob(step is null ? id : $"{id}:{step}")
            ?? throw new ApiException(404, $"The job '{id}' is {status} and has no such weights.", "not_found_error", code: "not_found");
        return Task.FromResult(new Reply
        {
            Status = 200,
            ContentType = "application/x-tar",
            FilePath = WeightArchive.Write(model, jobs.Read(id, JobWire.Short)),
            Headers = [("Content-Disposition", $"attachment; filename=\"{Path.GetFileName(model.Path)}.tar\"")],
        });
    }

    private Task<Reply> Supported(ApiCall call) => Task.FromResult(Reply.Json(new JsonObject
    {
        ["models"] = new JsonArray([.. models.Host.BaseModels.Where(model => model.Limits is not null).Select(model => JsonValue.Create(model.Name))]),
    }));

    private Task<Reply> Limits(ApiCall call)
    {
        var name = call.Query("model_name") ?? throw ApiException.Missing("model_name");
        if (models.FindBase(name)?.Limits is not { } limits)
        {
            // The one route whose error is not in the usual shape.
            return Task.FromResult(Reply.Json(new JsonObject { ["message"] = $"The model {name} is not available for fine-tuning." }, 404));
        }

        JsonObject Batch() => new()
        {
            ["max_batch_size"] = limits.MaxBatchSize,
            ["max_batch_size_dpo"] = limits.MaxBatchSize,
            ["min_batch_size"] = limits.MinBatchSize,
        };
        var lora = Batch();
        lora["max_rank"] = limits.MaxRank;
        lora["target_modules"] = new JsonArray("all-linear");
        return Task.FromResult(Reply.Json(new JsonObject
        {
            ["model_name"] = name,
            ["full_training"] = Batch(),
            ["lora_training"] = lora,
            ["max_num_epochs"] = limits.MaxEpochs,
            ["max_num_evals"] = limits.MaxEvaluations,
            ["max_learning_rate"] = limits.MaxLearningRate,
            ["min_learning_rate"] = limits.MinLearningRate,
            ["supports_vision"] = false,
            ["supports_tools"] = false,
            ["supports_reasoning"] = false,
            ["merge_output_lora"] = true,
        }));
    }

    private async Task<Reply> EstimateAsync(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        call.Model = body.Text("model");
        var isFull = body.Section("training_type")?.Text("type") is "Full";
        var isPreference = body.Section("training_method")?.Text("method") is "dpo";
        var epochs = body.Integer("n_epochs", 1, int.MaxValue) ?? 1;
        var evaluations = body.Integer("n_evals", 0, int.MaxValue) ?? 0;
        var training = files.Get(body.RequiredText("training_file"));
        var validation = body.Text("validation_file") is { Length: > 0 } id ? files.Get(id) : null;
        foreach (var (file, side) in new[] { (training, "train"), (validation, "eval") })
        {
            if (file is not null && (!reader.IsReady(file) || file.Status is FileRecord.InvalidFormat))
            {
                var reason = reader.IsReady(file) ? "invalid" : "not_validated";
                return Reply.Json(new JsonObject { ["estimation_available"] = false, ["unavailable_reason"] = $"{side}_file_{reason}" });
            }
        }

        var trainTokens = epochs * await TokensAsync(reader.TrainingData(training.Id, "training_file", isPreference), call.Aborted);
        var evalTokens = validation is null ? 0 : evaluations * await TokensAsync(reader.TrainingData(validation.Id, "validation_file", isPreference), call.Aborted);
        return Reply.Json(new JsonObject
        {
            ["estimation_available"] = true,
            ["estimated_total_price"] = prices.Training(call.Model is { } model ? models.FindBase(model) : null, trainTokens + evalTokens, isFull, isPreference),
            ["allowed_to_proceed"] = true,
            ["user_limit"] = prices.IsRehearsal ? 1_000 : 0,
            ["estimated_train_token_count"] = trainTokens,
            ["estimated_eval_token_count"] = evalTokens,
        });
    }

    private async Task<long> TokensAsync(FileRecord file, CancellationToken cancellationToken) =>
        TrainingTokens.Count(await TrainingFile.ReadAsync(files.ContentPath(file), cancellationToken), models.Host);
}
