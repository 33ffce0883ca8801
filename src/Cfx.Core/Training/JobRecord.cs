using System.Text.Json;
using System.Text.Json.Serialization;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Training;

/// <summary>What is known about an arm's fine-tuning job: written before the job is created, kept up to date, and read by the next run so that
/// no job is paid for twice.</summary>
public sealed record JobRecord
{
    /// <summary>The status between the written intent and the provider's first word.</summary>
    public const string Intended = "intended";

    /// <summary>The status of a job that the provider refused to create.</summary>
    public const string Rejected = "rejected";

    public int Version { get; init; } = 1;

    /// <summary>The arm's name, or the input's for a job of its own.</summary>
    public required string Arm { get; init; }

    /// <summary>together, sandbox, or another provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>Whether the model is one of the sandbox's, so that it says nothing about real models.</summary>
    public required bool Sandbox { get; init; }

    /// <summary><see cref="Intended"/>, <see cref="Rejected"/> or the provider's word.</summary>
    public required string Status { get; init; }

    public string? JobId { get; init; }

    /// <summary>The tuned model's name; certain only when the status is completed.</summary>
    public string? OutputModel { get; init; }

    public required string BaseModel { get; init; }

    /// <summary>Identifies the job at the provider; ends in the fingerprint's first 8 digits.</summary>
    public required string Suffix { get; init; }

    /// <summary>1 for the first job of this fingerprint; more when earlier ones failed or a new one was forced.</summary>
    public required int Attempt { get; init; }

    /// <summary>Hash of file contents, base model and hyperparameters.</summary>
    public required string Fingerprint { get; init; }

    public required Hyperparameters Hyperparameters { get; init; }

    public required JobFile TrainingFile { get; init; }

    public JobFile? ValidationFile { get; init; }

    /// <summary>Tokens trained on, by the provider's count.</summary>
    public long? TokenCount { get; init; }

    /// <summary>When the creating call was last sent and is not answered yet; absent once the job is known.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When the provider created the job.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its last event happened, once it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>From creation to end, by the provider's clock.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>What it was expected to cost: by the provider, else by the price list. Absent when neither says.</summary>
    public decimal? EstimatedPriceUsd { get; init; }

    /// <summary>What the provider says it costs; 0 also where it does not know yet, see <see cref="BilledUsd"/>.</summary>
    public decimal? PriceUsd { get; init; }

    /// <summary>What it costs, in US dollars; null when not known: a job that made a model, or is to make one, costs nothing only if that was foretold, and so does
    /// one that was cancelled with some steps done. One that failed costs nothing.</summary>
    [JsonIgnore]
    public decimal? BilledUsd => PriceUsd is not 0 ? PriceUsd
        : JobStatus.IsCancelled(Status) ? (EstimatedPriceUsd > 0 ? null : 0)
        : JobStatus.IsFailure(Status) || EstimatedPriceUsd is 0 ? 0
        : null;

    /// <summary>Why there is no model, once the job failed.</summary>
    public string? Failure { get; init; }

    public JobEvents? Events { get; init; }

    /// <summary>The training curve, in step order.</summary>
    public IReadOnlyList<FineTuningMetric>? Curve { get; init; }

    public IReadOnlyList<EarlierJob>? EarlierJobs { get; init; }

    [JsonIgnore]
    public bool IsCompleted => Status is JobStatus.Completed && OutputModel is not null;

    /// <returns>The record, or null when the file does not exist.</returns>
    /// <exception cref="MisuseException">The file is not a job record.</exception>
    public static async Task<JobRecord?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            await using var stream = RawLines.Open(path, "");
            return await JsonSerializer.DeserializeAsync(stream, TrainingJson.Default.JobRecord, cancellationToken)
                ?? throw new JsonException("it holds null");
        }
        catch (JsonException e)
        {
            throw new MisuseException(
                $"{path}: not a job record ({e.Message}). Mend it, or move it away; the job is then looked for at the provider by its suffix.", e);
        }
    }

    /// <summary>Writes the record whole; an interrupted write leaves the older one.</summary>
    public Task WriteAsync(string path, CancellationToken cancellationToken) =>
        AtomicFile.WriteTextAsync(path, JsonSerializer.Serialize(this, TrainingJson.Default.JobRecord) + "\n", cancellationToken);

    /// <summary>The record with what the provider now says about its job.</summary>
    internal JobRecord Apply(FineTuningJob job) => this with
    {
        JobId = job.Id,
        Status = job.Status,
        OutputModel = job.OutputModel ?? OutputModel,
        CreatedAt = job.CreatedAt ?? CreatedAt,
        TokenCount = job.TokenCount ?? TokenCount,
        PriceUsd = job.TotalPriceUsd ?? PriceUsd,
        SubmittedAt = null,
    };

    internal EarlierJob ToEarlier() => new(JobId, Suffix, Fingerprint, Status, OutputModel, Failure);
}
