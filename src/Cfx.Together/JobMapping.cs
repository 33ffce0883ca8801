using System.Text.Json;
using Cfx.Core.Training;
using Cfx.Together.Wire;

namespace Cfx.Together;

/// <summary>Turns the wire's fine-tuning objects into the study's, and back.</summary>
internal static class JobMapping
{
    private const decimal BillionthsPerDollar = 1_000_000_000m;
    private static readonly JsonElement MaxBatch = JsonElement.Parse("\"max\"");

    public static string? Malformed(FineTuneJob job) => Id(job) is null ? "it has no job id" : job.Status is null ? "it has no status" : null;

    public static FineTuningJob Map(FineTuneJob job) => new(
        Id(job)!,
        job.Status!.ToLowerInvariant(),
        job.Model,
        FirstText(job.ModelOutputName, job.OutputName, job.XModelOutputName, job.AdapterOutputName),
        FirstText(job.Suffix),
        FirstText(job.TrainingFile),
        WireTime.Read(job.CreatedAt),
        job.TotalPrice is >= 0 and < 1e18 and var price ? (decimal)price / BillionthsPerDollar : null,
        (long?)job.TokenCount,
        job.Progress is { EstimateAvailable: not false } progress ? progress.SecondsRemaining : null);

    public static FineTuningEvent Map(FineTuneEvent e) => new(
        WireTime.Read(e.CreatedAt),
        (e.Type ?? "").ToLowerInvariant(),
        (e.Level ?? "").ToLowerInvariant(),
        e.Message ?? "",
        (int?)e.Step,
        (int?)e.TotalSteps);

    public static FineTuningLimits Map(ModelLimits limits)
    {
        // Without a word on either kind, nothing is known, so nothing is forbidden.
        var silent = limits.FullTraining is null && limits.LoraTraining is null;
        var kinds = new[] { limits.FullTraining, limits.LoraTraining }.Where(k => k is not null).ToList();
        return new FineTuningLimits(
            (int?)limits.MaxNumEpochs,
            (int?)limits.MaxNumEvals,
            limits.MinLearningRate,
            limits.MaxLearningRate,
            (int?)kinds.Min(k => k!.MinBatchSize),
            (int?)kinds.Max(k => k!.MaxBatchSize),
            (int?)limits.LoraTraining?.MaxRank,
            silent || limits.LoraTraining is not null,
            silent || limits.FullTraining is not null);
    }

    public static FineTuningEstimate? Map(PriceEstimate estimate) => estimate.EstimationAvailable == false
        ? null
        : new FineTuningEstimate(
            estimate.EstimatedTotalPrice is >= 0 and < 1e12 and var price ? (decimal)price : null,
            (long?)estimate.EstimatedTrainTokenCount,
            (long?)estimate.EstimatedEvalTokenCount,
            estimate.AllowedToProceed);

    /// <summary>The training curve of open-named measurements.</summary>
    public static IReadOnlyList<FineTuningMetric> Map(FineTuneMetrics metrics)
    {
        var points = new List<FineTuningMetric>();
        foreach (var entry in metrics.Metrics ?? [])
        {
            if (entry.ValueKind == JsonValueKind.Object)
            {
                var step = Number(entry, "train/global_step") ?? Number(entry, "eval/global_step") ?? Number(entry, "global_step") ?? 0;
                var train = Number(entry, "train/loss");
                var eval = Number(entry, "eval/loss");
                if ((train ?? eval) is not null)
                {
                    points.Add(new FineTuningMetric((int)step, train, eval));
                }
            }
        }

        return [.. points.OrderBy(p => p.Step)];
    }

    /// <param name="request">What is asked for.</param>
    /// <param name="largestRank">The rank when none is asked for; null when the provider does not say, which leaves the kind of LoRA to it.</param>
    public static FineTuneRequest Body(FineTuningRequest request, int? largestRank)
    {
        var h = request.Hyperparameters;
        return new FineTuneRequest
        {
            TrainingFile = request.TrainingFileId,
            ValidationFile = request.ValidationFileId,
            Model = request.BaseModel,
            NEpochs = h.Epochs,
            NEvals = request.ValidationFileId is null ? 0 : Math.Max(1, h.Evaluations),
            BatchSize = h.BatchSize is { } size ? JsonElement.Parse(FormattableString.Invariant($"{size}")) : MaxBatch,
            LearningRate = h.LearningRate,
            TrainingType = Kind(h, h.LoraRank ?? largestRank),
            TrainingMethod = Method(request),
            RandomSeed = h.Seed,
            Suffix = request.Suffix,
            FromCheckpoint = request.FromCheckpoint,
            WandbProjectName = request.WandbProject,
        };
    }

    private static TrainingMethod Method(FineTuningRequest request) => request.Training switch
    {
        TrainingKind.Dpo => new TrainingMethod
        {
            Method = "dpo",
            DpoBeta = request.Dpo?.Beta,
            DpoNormalizeLogratiosByLength = request.Dpo?.NormalizeByLength ?? false,
            DpoReferenceFree = request.Dpo?.ReferenceFree ?? false,
        },
        _ => new TrainingMethod { Method = "sft", TrainOnInputs = "auto" },
    };

    private static TrainingType? Kind(Hyperparameters h, int? rank) => (h.Lora, rank) switch
    {
        (false, _) => new TrainingType { Type = "Full" },
        (true, { } r) => new TrainingType { Type = "Lora", LoraR = r, LoraAlpha = 2 * r, LoraDropout = 0, LoraTrainableModules = "all-linear" },
        _ => null,
    };

    private static string? Id(FineTuneJob job) => FirstText(job.Id, job.JobId);

    private static string? FirstText(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (!string.IsNullOrEmpty(text))
            {
                return text;
            }
        }

        return null;
    }

    private static double? Number(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
