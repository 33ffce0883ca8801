using System.Text.Json.Nodes;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Serving;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Jobs;

/// <summary>How jobs look on the wire.</summary>
internal static class JobWire
{
    private const decimal Billionths = 1_000_000_000m;

    /// <summary>The short form of lists, of creation and of cancellation.</summary>
    public static JsonObject Short(JobRecord job)
    {
        var settings = job.Settings;
        var described = new JsonObject
        {
            ["id"] = job.Id,
            ["status"] = job.Status,
            ["created_at"] = Wire.Time(job.CreatedAt),
            ["updated_at"] = Wire.Time(job.UpdatedAt),
        };
        if (job.StartedAt is { } started)
        {
            described["started_at"] = Wire.Time(started);
        }

        described["user_id"] = "sandbox-user";
        described["owner_address"] = "sandbox-user@localhost";
        described["total_price"] = (long)(job.PriceUsd * Billionths);
        described["token_count"] = job.TokenCount;
        described["events"] = new JsonArray();
        described["training_file"] = settings.TrainingFile;
        if (settings.ValidationFile is not null)
        {
            described["validation_file"] = settings.ValidationFile;
        }

        described["model"] = settings.Model;
        if (settings.FromCheckpoint is not null)
        {
            described["from_checkpoint"] = settings.FromCheckpoint;
        }

        described["model_output_name"] = job.OutputName;
        described["model_object_id"] = ServingDesk.ObjectId(job.Id);
        if (settings.Suffix is not null)
        {
            described["suffix"] = settings.Suffix;
        }

        described["n_epochs"] = settings.Epochs;
        described["n_evals"] = settings.Evaluations;
        described["n_checkpoints"] = settings.Checkpoints;
        described["batch_size"] = settings.BatchSize;
        described["training_type"] = settings.LoraRank is { } rank
            ? new JsonObject
            {
                ["type"] = "Lora",
                ["lora_r"] = rank,
                ["lora_alpha"] = (long)settings.LoraAlpha,
                ["lora_dropout"] = settings.LoraDropout,
                ["lora_trainable_modules"] = settings.LoraModules,
            }
            : new JsonObject { ["type"] = "Full" };
        described["training_method"] = settings.Preference is { } preference
            ? new JsonObject { ["method"] = "dpo", ["dpo_beta"] = preference.Beta, ["dpo_reference_free"] = preference.IsReferenceFree }
            : new JsonObject { ["method"] = "sft", ["train_on_inputs"] = TrainOnInputs(settings) };
        described["learning_rate"] = settings.LearningRate;
        if (settings.Scheduler is { } scheduler)
        {
            var arguments = new JsonObject { ["min_lr_ratio"] = settings.MinLearningRateRatio };
            if (scheduler is "cosine")
            {
                arguments["num_cycles"] = settings.SchedulerCycles;
            }

            described["lr_scheduler"] = new JsonObject { ["lr_scheduler_type"] = scheduler, ["lr_scheduler_args"] = arguments };
        }

        described["warmup_ratio"] = settings.WarmupRatio;
        described["max_grad_norm"] = settings.MaxGradientNorm;
        described["weight_decay"] = settings.WeightDecay;
        described["random_seed"] = settings.Seed;
        described["progress"] = new JsonObject
        {
            ["estimate_available"] = job.SecondsRemaining is not null,
            ["seconds_remaining"] = (long)Math.Ceiling(job.SecondsRemaining ?? 0),
        };
        return described;
    }

    /// <summary>The full form.</summary>
    /// <param name="job">The job.</param>
    /// <param name="queueDepth">Jobs that will be trained before it.</param>
    public static JsonObject Full(JobRecord job, int queueDepth)
    {
        var described = Short(job);
        described["job_id"] = job.Id;
        described["events"] = Events(job);
        described["param_count"] = job.ParameterCount;
        described["epochs_completed"] = job.EpochsCompleted;
        described["queue_depth"] = queueDepth;
        described["trainingfile_numlines"] = job.TrainingLines;
        described["trainingfile_size"] = job.TrainingBytes;
        described["train_on_inputs"] = TrainOnInputs(job.Settings);
        return described;
    }

    public static JsonArray Events(JobRecord job) => new([.. job.Events.Select((entry, index) => new JsonObject
    {
        ["object"] = "fine-tune-event",
        ["created_at"] = Wire.Time(entry.CreatedAt),
        ["level"] = entry.Level,
        ["message"] = entry.Message,
        ["type"] = entry.Type,
        ["param_count"] = job.ParameterCount,
        ["token_count"] = job.TokenCount,
        ["total_steps"] = job.TotalSteps,
        ["wandb_url"] = string.Empty,
        ["step"] = entry.Step,
        ["checkpoint_path"] = entry.CheckpointPath,
        ["model_path"] = entry.ModelPath,
        ["training_offset"] = 0,
        ["hash"] = ContentId.Hex(16, job.Id, FormattableString.Invariant($"{index}"), entry.Type),
    })]);

    public static JsonArray Metrics(JobRecord job, MetricFilter filter) => new([.. job.Metrics.Where(filter.Takes).Select(metric =>
    {
        var side = metric.IsEvaluation ? "eval" : "train";
        var described = new JsonObject
        {
            [side + "/loss"] = metric.Loss,
            [side + "/global_step"] = metric.Step,
            [side + "/epoch"] = metric.Epoch,
        };
        if (metric.LearningRate is { } rate)
        {
            described["train/learning_rate"] = rate;
        }

        return described;
    })]);

    public static JsonArray Checkpoints(JobRecord job) => new([.. job.Checkpoints.Select(point => new JsonObject
    {
        ["step"] = point.Step,
        ["created_at"] = Wire.Time(point.CreatedAt),
        ["path"] = point.IsFinal ? job.OutputName : FormattableString.Invariant($"{job.Id}:{point.Step}"),
        ["checkpoint_type"] = point.IsFinal ? "Final" : "Intermediate",
    })]);

    private static JsonValue TrainOnInputs(JobSettings settings) =>
        settings.TrainOnInputs is { } asked ? JsonValue.Create(asked) : JsonValue.Create("auto");
}
