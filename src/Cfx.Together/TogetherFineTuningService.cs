using System.Text.Json;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Training;
using Cfx.Together.Wire;
using Microsoft.Extensions.Logging;

namespace Cfx.Together;

/// <summary>Fine-tuning over the wire.</summary>
public sealed class TogetherFineTuningService : IFineTuningService
{
    private const string Listing = "Listing the fine-tuning jobs";
    private static readonly Func<JsonElement, string?> Whole = WireList.Whole(WireJson.Default.FineTuneJob, Lack);

    private readonly ITogetherApi _api;
    private readonly CallPolicy _policy;
    private readonly TogetherFiles _files;
    private readonly TogetherModels _models;
    private readonly TogetherOptions _options;
    private readonly ILogger _logger;

    internal TogetherFineTuningService(
        ITogetherApi api, CallPolicy policy, TogetherFiles files, TogetherModels models, TogetherOptions options, ILogger logger)
    {
        _logger = logger;
        _options = options;
        _api = api;
        _policy = policy;
        _files = files;
        _models = models;
    }

    public async Task<string> UploadAsync(string path, IProgressSink progress, CancellationToken cancellationToken)
    {
        RequireTraining();
        var file = await _files.UploadAsync(path, "fine-tune", progress, cancellationToken);
        return file.Id!;
    }

    public async Task<FineTuningJob> CreateAsync(FineTuningRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequireTraining();
        var body = await JobBodyAsync(request, cancellationToken);
        if (request.WandbProject is { } project)
        {
            var key = _options.WandbKey
                ?? throw new MisuseException($"No Weights & Biases key: set WANDB_API_KEY in the environment, or leave out the project '{project}'.");
            body = body with { WandbApiKey = key.Reveal() };
        }

        var call = new Call($"Creating a fine-tuning job for '{request.BaseModel}'", "POST /fine-tunes")
        {
            MayRepeat = false,
            NotFoundRemedy = "Check the base model's name.",
        };
        try
        {
            return JobMapping.Map(await _policy.SendAsync(call, t => _api.CreateJobAsync(body, t), JobMapping.Malformed, cancellationToken));
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            var nearest = await _models.RemedyAsync(request.BaseModel, fineTunable: true, cancellationToken);
            throw new ProviderException($"{e.Message} {nearest}".TrimEnd(), 404);
        }
    }

    /// <exception cref="MisuseException">The provider trains no models.</exception>
    private void RequireTraining()
    {
        if (_options.IsChatOnly)
        {
            throw new MisuseException(
                $"{_options.BaseUrl.Authority} is an OpenAI-compatible server, which this program does not train on. Train with --provider=together or "
                + "--provider=sandbox; --process-provider=openai and --evaluate-provider=openai then still send rewriting and judging there.");
        }
    }

    public async Task<FineTuningJob> GetAsync(string jobId, CancellationToken cancellationToken) =>
        JobMapping.Map(await _policy.SendAsync(
            Call(jobId, $"Looking at job {jobId}", "GET", ""), t => _api.JobAsync(jobId, t), JobMapping.Malformed, cancellationToken));

    public async Task<IReadOnlyList<FineTuningEvent>> EventsAsync(string jobId, CancellationToken cancellationToken)
    {
        var body = await _policy.SendAsync(
            Call(jobId, $"Reading the events of job {jobId}", "GET", "/events"),
            t => _api.JobEventsAsync(jobId, t), WireList.Malformed, cancellationToken);
        return [.. WireList.Read(body, WireJson.Default.FineTuneEvent).Select(JobMapping.Map).OrderBy(e => e.CreatedAt ?? DateTimeOffset.MinValue)];
    }

    public async Task<IReadOnlyList<FineTuningJob>> ListAsync(CancellationToken cancellationToken)
    {
        var body = await _policy.SendAsync(new Call(Listing, "GET /fine-tunes"), _api.JobsAsync, Whole, cancellationToken);
        return [.. WireList.Read(body, WireJson.Default.FineTuneJob).Select(JobMapping.Map)];
    }

    public async Task<IReadOnlyList<FineTuningJob>> ListMakersAsync(string model, CancellationToken cancellationToken)
    {
        // A slash may be escaped.
        bool Speaks(string text) => text.Replace("\\/", "/", StringComparison.Ordinal).Contains(model, StringComparison.Ordinal);
        var body = await _policy.SendAsync(
            new Call(Listing, "GET /fine-tunes"), _api.JobsAsync, WireList.Whole(WireJson.Default.FineTuneJob, Lack, Speaks), cancellationToken);
        return [.. WireList.Read(body, WireJson.Default.FineTuneJob).Where(j => Lack(j) is null).Select(JobMapping.Map).Where(j => j.OutputModel == model)];
    }

    public async Task<IReadOnlyList<FineTuningJob>> ListReadableAsync(CancellationToken cancellationToken)
    {
        var body = await _policy.SendAsync(new Call(Listing, "GET /fine-tunes"), _api.JobsAsync, WireList.Malformed, cancellationToken);
        return [.. WireList.Readable(body, WireJson.Default.FineTuneJob, Lack, Listing, _logger).Select(JobMapping.Map)];
    }

    public async Task<FineTuningJob> CancelAsync(string jobId, CancellationToken cancellationToken) =>
        JobMapping.Map(await _policy.SendAsync(
            Call(jobId, $"Cancelling job {jobId}", "POST", "/cancel"), t => _api.CancelJobAsync(jobId, t), JobMapping.Malformed, cancellationToken));

    public Task DeleteAsync(string jobId, CancellationToken cancellationToken) =>
        _policy.DeleteAsync(Call(jobId, $"Deleting job {jobId}", "DELETE", ""), t => _api.DeleteJobAsync(jobId, t), cancellationToken);

    public async Task<FineTuningLimits?> LimitsAsync(string baseModel, CancellationToken cancellationToken) =>
        await WireLimitsAsync(baseModel, cancellationToken) is { } limits ? JobMapping.Map(limits) : null;

    public async Task<IReadOnlyList<FineTuningMetric>> MetricsAsync(string jobId, CancellationToken cancellationToken)
    {
        try
        {
            var body = await _policy.SendAsync(
                Call(jobId, $"Reading the metrics of job {jobId}", "GET", "/metrics"),
                t => _api.JobMetricsAsync(jobId, null, t), null, cancellationToken);
            return JobMapping.Map(body);
        }
        catch (ProviderException e) when (e.StatusCode is 400 or 404)
        {
            // Not every server keeps metrics, and none has any before the first step.
            return [];
        }
    }

    public async Task<FineTuningEstimate?> EstimateAsync(FineTuningRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var job = await JobBodyAsync(request, cancellationToken);
        var body = new PriceEstimateRequest
        {
            TrainingFile = job.TrainingFile,
            ValidationFile = job.ValidationFile,
            Model = job.Model,
            NEpochs = job.NEpochs,
            NEvals = job.NEvals,
            TrainingType = job.TrainingType,
            TrainingMethod = job.TrainingMethod,
            FromCheckpoint = job.FromCheckpoint,
        };
        try
        {
            var estimate = await _policy.SendAsync(
                new Call("Estimating the price of a fine-tuning job", "POST /fine-tunes/estimate-price"),
                t => _api.EstimatePriceAsync(body, t), null, cancellationToken);
            return JobMapping.Map(estimate);
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            return null;
        }
    }

    /// <summary>The saved states of a job, in step order.</summary>
    public async Task<IReadOnlyList<FineTuneCheckpoint>> CheckpointsAsync(string jobId, CancellationToken cancellationToken)
    {
        var body = await _policy.SendAsync(
            Call(jobId, $"Reading the checkpoints of job {jobId}", "GET", "/checkpoints"),
            t => _api.JobCheckpointsAsync(jobId, t), WireList.Malformed, cancellationToken);
        return [.. WireList.Read(body, WireJson.Default.FineTuneCheckpoint).OrderBy(c => c.Step)];
    }

    private static string? Lack(FineTuneJob job) => JobMapping.Malformed(job) is null ? null : "has no id or no status";

    private static Call Call(string jobId, string what, string verb, string tail) => new(what, $"{verb} /fine-tunes/{jobId}{tail}")
    {
        NotFoundRemedy = "The provider knows no such job: check the id and that the key belongs to the account that made it.",
    };

    private async Task<FineTuneRequest> JobBodyAsync(FineTuningRequest request, CancellationToken cancellationToken)
    {
        var rank = request.Hyperparameters is { Lora: true, LoraRank: null }
            ? (int?)(await WireLimitsAsync(request.BaseModel, cancellationToken))?.LoraTraining?.MaxRank
            : null;
        return JobMapping.Body(request, rank);
    }

    private async Task<ModelLimits?> WireLimitsAsync(string baseModel, CancellationToken cancellationToken)
    {
        try
        {
            return await _policy.SendAsync(
                new Call($"Reading the limits of '{baseModel}'", "GET /fine-tunes/models/limits"),
                t => _api.LimitsAsync(baseModel, t), null, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            return null;
        }
    }
}
