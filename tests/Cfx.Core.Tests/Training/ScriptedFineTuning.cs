using Cfx.Core.Generation;
using Cfx.Core.Training;

namespace Cfx.Core.Tests.Training;

/// <summary>A provider in memory whose jobs go through given states, one at each look, and whose creating call can be made to misbehave.</summary>
public sealed class ScriptedFineTuning : IFineTuningService
{
    private readonly Dictionary<string, Queue<string>> _ways = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<FineTuningEvent>> _events = new(StringComparer.Ordinal);

    /// <summary>The jobs that exist, in the order of their creation.</summary>
    public List<FineTuningJob> Jobs { get; } = [];

    public List<FineTuningRequest> Requests { get; } = [];

    public List<string> Uploads { get; } = [];

    public int Cancellations { get; private set; }

    /// <summary>Whether cancelling is allowed; no stage may.</summary>
    public bool MayCancel { get; set; }

    /// <summary>Called before each look, with the job's id.</summary>
    public Action<string>? OnLook { get; set; }

    /// <summary>What was asked of the provider, in order: "create SUFFIX", "look ID".</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Called on both sides of each call that makes something, with what it makes; may throw as a killed process would.</summary>
    public Action<string> Instant { get; set; } = static _ => { };

    public int Lists { get; private set; }

    /// <summary>States of the next jobs, by look; the last one stays.</summary>
    public string[] Way { get; set; } = ["pending", "running", "completed"];

    /// <summary>What each further creating call does, in order; then it succeeds.</summary>
    public Queue<CreateFault> CreateFaults { get; } = new();

    /// <summary>Statuses of failures of the next looks at a job; 0 for no reply.</summary>
    public Queue<int> LookFaults { get; } = new();

    /// <summary>How many lists still leave out a new job.</summary>
    public int ListLag { get; set; }

    public bool ListsWithoutSuffix { get; set; }

    /// <summary>Whether a new job does not tell its model's name yet.</summary>
    public bool NamesLate { get; set; }

    public List<string> Deleted { get; } = [];

    public Task DeleteAsync(string jobId, CancellationToken cancellationToken)
    {
        Deleted.Add(jobId);
        return Jobs.RemoveAll(j => j.Id == jobId) == 1 ? Task.CompletedTask : throw new ProviderException("No such job.", 404);
    }

    public FineTuningLimits? Limits { get; set; }

    public FineTuningEstimate? Estimate { get; set; } = new(1.25m, 1000, 100, true);

    public List<FineTuningMetric> Metrics { get; } = [];

    /// <summary>Events of the next jobs, by look.</summary>
    public FineTuningEvent[][] EventsByLook { get; set; } = [[Event("job_pending", "Job created")]];

    public static FineTuningEvent Event(string type, string message, string level = "info", int? step = null, int? total = null, int second = 0) =>
        new(new DateTimeOffset(2026, 1, 2, 4, 0, second, TimeSpan.Zero), type, level, message, step, total);

    /// <summary>Whether an upload gives way to whatever else can run.</summary>
    public bool SlowUploads { get; set; }

    public async Task<string> UploadAsync(string path, IProgressSink progress, CancellationToken cancellationToken)
    {
        for (var i = 0; SlowUploads && i < 20; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }

        Instant("before an upload");
        Uploads.Add(Path.GetFileName(path));
        Instant("after an upload");
        return $"file-{Uploads.Count}";
    }

    public Task<FineTuningJob> CreateAsync(FineTuningRequest request, CancellationToken cancellationToken)
    {
        var fault = CreateFaults.TryDequeue(out var next) ? next : CreateFault.None;
        if (fault is CreateFault.Cancelled)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        if (fault is CreateFault.Refused)
        {
            throw new ProviderException("Creating failed: HTTP 402: \"no credit\". Raise the limit.", 402);
        }

        if (fault is CreateFault.RequestLost)
        {
            throw new ProviderException("Creating failed: no reply.");
        }

        Instant("before the POST");
        Calls.Add($"create {request.Suffix}");
        Requests.Add(request);
        var job = Add(request.Suffix, request.BaseModel, request.TrainingFileId);
        Instant("after the POST");
        return fault switch
        {
            CreateFault.ReplyLost => throw new ProviderException("Creating failed: no reply."),
            CreateFault.ReplyLostAndCancelled => throw new OperationCanceledException(cancellationToken),
            _ => Task.FromResult(job),
        };
    }

    public FineTuningJob Add(string suffix, string baseModel, string? fileId = null)
    {
        var number = Jobs.Count + 1;
        var job = new FineTuningJob(
            $"ft-{number}", Way[0], baseModel, NamesLate ? null : $"me/{baseModel}-{suffix}", suffix, fileId,
            new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero), 0.5m, 1234, 60);
        Jobs.Add(job);
        _ways[job.Id] = new Queue<string>(Way);
        _events[job.Id] = [];
        return job;
    }

    /// <summary>From now on, the job tells this name of its model.</summary>
    public void Rename(string jobId, string? model)
    {
        var at = Jobs.FindIndex(j => j.Id == jobId);
        Jobs[at] = Jobs[at] with { OutputModel = model };
    }

    /// <summary>From now on, the job tells this price.</summary>
    public void Reprice(string jobId, decimal? price)
    {
        var at = Jobs.FindIndex(j => j.Id == jobId);
        Jobs[at] = Jobs[at] with { TotalPriceUsd = price };
    }

    /// <summary>From now on, the job is in this state.</summary>
    public void Redirect(string jobId, string status) => _ways[jobId] = new Queue<string>([status]);

    public Task<FineTuningJob> GetAsync(string jobId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OnLook?.Invoke(jobId);
        Calls.Add($"look {jobId}");
        if (LookFaults.TryDequeue(out var status))
        {
            throw new ProviderException($"Looking failed ({status}).", status == 0 ? null : status);
        }

        var at = Jobs.FindIndex(j => string.Equals(j.Id, jobId, StringComparison.Ordinal));
        if (at < 0)
        {
            throw new ProviderException("No such job.", 404);
        }

        var way = _ways[jobId];
        var looks = Way.Length - way.Count;
        Jobs[at] = Jobs[at] with { Status = way.Count > 1 ? way.Dequeue() : way.Peek() };
        if (looks < EventsByLook.Length && _events[jobId].Count < EventsByLook.Take(looks + 1).Sum(e => e.Length))
        {
            _events[jobId].AddRange(EventsByLook[looks]);
        }

        return Task.FromResult(Jobs[at]);
    }

    public Task<IReadOnlyList<FineTuningEvent>> EventsAsync(string jobId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FineTuningEvent>>([.. _events[jobId]]);

    public Task<IReadOnlyList<FineTuningJob>> ListAsync(CancellationToken cancellationToken)
    {
        Lists++;
        var shown = Jobs.Count > 0 && ListLag-- > 0 ? Jobs.SkipLast(1) : Jobs;
        return Task.FromResult<IReadOnlyList<FineTuningJob>>([.. shown.Select(j => ListsWithoutSuffix ? j with { Suffix = null } : j)]);
    }

    public Task<FineTuningJob> CancelAsync(string jobId, CancellationToken cancellationToken)
    {
        Cancellations++;
        if (!MayCancel)
        {
            throw new InvalidOperationException("No stage may cancel a job.");
        }

        Redirect(jobId, "cancelled");
        return GetAsync(jobId, cancellationToken);
    }

    public Task<FineTuningLimits?> LimitsAsync(string baseModel, CancellationToken cancellationToken) => Task.FromResult(Limits);

    public Task<IReadOnlyList<FineTuningMetric>> MetricsAsync(string jobId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FineTuningMetric>>(Metrics);

    public Task<FineTuningEstimate?> EstimateAsync(FineTuningRequest request, CancellationToken cancellationToken) => Task.FromResult(Estimate);

    /// <summary>How a creating call goes wrong.</summary>
    public enum CreateFault
    {
        None,
        Refused,
        RequestLost,
        ReplyLost,
        Cancelled,
        ReplyLostAndCancelled,
    }
}
