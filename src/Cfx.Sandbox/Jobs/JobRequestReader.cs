using System.Text.Json;
using System.Text.RegularExpressions;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;

namespace Cfx.Sandbox.Jobs;

/// <summary>Reads and checks the body of a request for a job.</summary>
internal sealed partial class JobRequestReader(ModelDirectory models, FileStore files, Func<FileRecord, bool> isReady)
{
    private const int DefaultSeed = 42;
    private const double UsualBeta = 0.1;

    /// <summary>Whether the file's processing is over and has been seen to be.</summary>
    public bool IsReady(FileRecord file) => isReady(file);

    /// <exception cref="ApiException">400 or 404: a field is missing, malformed or out of the model's limits.</exception>
    public JobSettings Read(JsonElement body)
    {
        if (body.Text("from_hf_model") is { Length: > 0 })
        {
            throw ApiException.BadField("from_hf_model", "The sandbox trains its own models only: leave 'from_hf_model' out.");
        }

        var checkpoint = body.Text("from_checkpoint") is { Length: > 0 } named ? named : null;
        var start = checkpoint is null ? null : models.FindCheckpoint(checkpoint)
            ?? throw ApiException.BadField("from_checkpoint", $"There is no finished job, tuned model or checkpoint '{checkpoint}'.");
        // With a checkpoint the base is known; some clients name it, or the checkpoint, all the same.
        var model = start?.BaseModel ?? body.RequiredText("model");
        if (models.FindBase(model) is not { } info)
        {
            throw ApiException.ModelNotFound(model);
        }

        var limits = info.Limits ?? throw ApiException.BadField("model", $"The model '{model}' cannot be fine-tuned. GET /v1/fine-tunes/models/supported lists those that can.");
        var (trainOnInputs, preference) = ReadMethod(body);
        var training = TrainingData(body.RequiredText("training_file"), "training_file", preference is not null);
        // One client sends an empty string where it means none.
        var validation = body.Text("validation_file") is { Length: > 0 } id ? TrainingData(id, "validation_file", preference is not null) : null;
        var lora = ReadLora(body, limits);
        var (scheduler, minimumRatio, cycles) = ReadScheduler(body);
        return new JobSettings(
            model,
            Suffix(body),
            training.Id,
            training.ContentHash!,
            validation?.Id,
            validation?.ContentHash,
            (int)(body.Integer("n_epochs", 1, limits.MaxEpochs) ?? 1),
            (int)(body.Integer("n_evals", 0, limits.MaxEvaluations) ?? 0),
            (int)(body.Integer("n_checkpoints", 1, 100) ?? 1),
            BatchSize(body, limits),
            body.Number("learning_rate", limits.MinLearningRate, limits.MaxLearningRate) ?? 1e-5,
            lora?.Rank,
            lora?.Alpha ?? 0,
            lora?.Dropout ?? 0,
            lora?.Modules ?? string.Empty,
            scheduler,
            minimumRatio,
            cycles,
            body.Number("warmup_ratio", 0, 1) ?? 0,
            body.Number("max_grad_norm", 0, double.MaxValue) ?? 1,
            body.Number("weight_decay", 0, double.MaxValue) ?? 0,
            (int)(body.Integer("random_seed", int.MinValue, int.MaxValue) ?? DefaultSeed),
            trainOnInputs)
        {
            Preference = preference,
            FromCheckpoint = start?.Name,
        };
    }

    /// <summary>A file that training can read.</summary>
    /// <exception cref="ApiException">400: it is not one. 404: there is no such file.</exception>
    public FileRecord TrainingData(string id, string field, bool isPreference)
    {
        FileRecord file;
        try
        {
            file = files.Get(id);
        }
        catch (ApiException error)
        {
            throw new ApiException(error.Status, error.Message, error.Type, field, error.Code);
        }

        var fault = file switch
        {
            { Purpose: not FileRecord.ForTraining } => $"was uploaded for '{file.Purpose}', not for fine-tune",
            { Status: FileRecord.InvalidFormat } => $"is not valid: {file.Error}",
            _ when !isReady(file) => "has not been processed yet: wait for processing_status COMPLETED",
            { FileType: not "jsonl" } => $"is {file.FileType}: the sandbox trains on jsonl only",
            { DatasetFormat: TrainingLine.General } => "is of the form general: the sandbox trains on conversations, on prompt and completion, and on preferences",
            { DatasetFormat: TrainingLine.Preference } when !isPreference => "holds preferences: train on it with the method dpo",
            { DatasetFormat: not TrainingLine.Preference } when isPreference => $"is of the form {file.DatasetFormat}, while dpo learns from preferences",
            _ => null,
        };
        return fault is null ? file : throw ApiException.BadField(field, $"The file '{id}' {fault}.");
    }

    private static string? Suffix(JsonElement body) => body.Text("suffix") switch
    {
        null or "" => null,
        { Length: > 40 } suffix => throw ApiException.BadField("suffix", $"The suffix has {suffix.Length} characters; 40 are allowed."),
        { } suffix when SuffixForm().IsMatch(suffix) => suffix,
        _ => throw ApiException.BadField("suffix", "The suffix may hold letters, digits, '.', '_' and '-' only."),
    };

    private static int BatchSize(JsonElement body, TrainingLimits limits) => body.Find("batch_size") switch
    {
        null => limits.MaxBatchSize,
        { ValueKind: JsonValueKind.String } text when text.GetString() is "max" => limits.MaxBatchSize,
        { ValueKind: JsonValueKind.Number } => (int)body.Integer("batch_size", limits.MinBatchSize, limits.MaxBatchSize)!,
        _ => throw ApiException.BadField("batch_size", "The field 'batch_size' must be \"max\" or a whole number."),
    };

    /// <returns>Whether inputs are learned, null for "auto"; and how preferences are learned, null when they are not.</returns>
    private static (bool? TrainOnInputs, PreferenceSettings? Preference) ReadMethod(JsonElement body)
    {
        if (body.Section("training_method") is not { } method)
        {
            return (null, null);
        }

        switch (method.Text("method"))
        {
            case "sft":
                return (method.Find("train_on_inputs") switch
                {
                    { ValueKind: JsonValueKind.True } => true,
                    { ValueKind: JsonValueKind.False } => false,
                    { ValueKind: JsonValueKind.String } word when word.GetString() is "auto" => null,
                    null => throw new ApiException(400, "The field 'train_on_inputs' is required: auto, true or false.", param: "training_method.train_on_inputs", code: "missing_field"),
                    _ => throw ApiException.BadField("training_method.train_on_inputs", "The field 'train_on_inputs' must be auto, true or false."),
                }, null);
            case "dpo":
                string?[] ignored =
                [
                    method.Flag("dpo_normalize_logratios_by_length") is true ? "dpo_normalize_logratios_by_length" : null,
                    method.Number("rpo_alpha", 0, double.MaxValue) is > 0 ? "rpo_alpha" : null,
                    method.Number("simpo_gamma", 0, double.MaxValue) is > 0 ? "simpo_gamma" : null,
                ];
                return (null, new PreferenceSettings(
                    method.Number("dpo_beta", 1e-6, 100) ?? UsualBeta,
                    method.Flag("dpo_reference_free") is true,
                    ignored.Any(name => name is not null) ? string.Join(", ", ignored.OfType<string>()) : null));
            default:
                throw ApiException.BadField("training_method.method", "The field 'method' must be sft or dpo.");
        }
    }

    private static (int Rank, double Alpha, double Dropout, string Modules)? ReadLora(JsonElement body, TrainingLimits limits)
    {
        if (body.Section("training_type") is not { } type)
        {
            return (limits.MaxRank, 2 * limits.MaxRank, 0, "all-linear");
        }

        switch (type.Text("type"))
        {
            case "Full":
                return null;
            case "Lora":
                var rank = type.Integer("lora_r", 1, limits.MaxRank) ?? throw ApiException.Missing("lora_r");
                var alpha = type.Number("lora_alpha", 1, 1_024) ?? throw ApiException.Missing("lora_alpha");
                var dropout = type.Number("lora_dropout", 0, 1) ?? 0;
                return dropout < 1
                    ? ((int)rank, alpha, dropout, type.Text("lora_trainable_modules") ?? "all-linear")
                    : throw ApiException.BadField("lora_dropout", "The field 'lora_dropout' must be less than 1.");
            default:
                throw ApiException.BadField("training_type.type", "The field 'type' must be Full or Lora.");
        }
    }

    private static (string? Type, double MinimumRatio, double Cycles) ReadScheduler(JsonElement body)
    {
        // The documented default is the word none where otherwise an object stands.
        if (body.Find("lr_scheduler") is { ValueKind: JsonValueKind.String } || body.Section("lr_scheduler") is not { } scheduler)
        {
            return (null, 0, 0.5);
        }

        var type = scheduler.Text("lr_scheduler_type");
        if (type is not ("linear" or "cosine"))
        {
            throw ApiException.BadField("lr_scheduler.lr_scheduler_type", "The field 'lr_scheduler_type' must be linear or cosine.");
        }

        var arguments = scheduler.Section("lr_scheduler_args");
        return (type, arguments?.Number("min_lr_ratio", 0, 1) ?? 0, arguments?.Number("num_cycles", 0, 1_000) ?? 0.5);
    }

    [GeneratedRegex("^[A-Za-z0-9._-]+$")]
    private static partial Regex SuffixForm();
}
