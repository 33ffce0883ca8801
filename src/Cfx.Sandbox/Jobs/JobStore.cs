using System.Text.Json;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Jobs;

/// <summary>The fine-tuning jobs, in memory and in the state folder. What is read and changed is so under one lock.</summary>
internal sealed class JobStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StateFolder _folder;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, JobRecord> _jobs;
    private readonly SemaphoreSlim _news = new(0);

    public JobStore(StateFolder folder, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        _jobs = Directory.EnumerateFiles(folder.Jobs, "*.json")
            .Select(path => JsonSerializer.Deserialize(File.ReadAllBytes(path), StateJson.Default.JobRecord)!)
            .ToDictionary(job => job.Id, StringComparer.Ordinal);
    }

    public string StatePath(string id, int step) => Path.Combine(_folder.Jobs, FormattableString.Invariant($"{id}.{step}.state"));

    /// <param name="id">The job's id.</param>
    /// <param name="step">An intermediate checkpoint's step; null for the tuned model.</param>
    public string ModelPath(string id, int? step = null) =>
        Path.Combine(_folder.Models, step is null ? $"{id}.model" : FormattableString.Invariant($"{id}.{step}.model"));

    /// <summary>Reads every job that has not been deleted, oldest first.</summary>
    public IReadOnlyList<T> List<T>(Func<JobRecord, T> read)
    {
        lock (_gate)
        {
            return [.. _jobs.Values.Where(job => !job.IsDeleted).OrderBy(job => job.Sequence).Select(read)];
        }
    }

    /// <exception cref="ApiException">404: no such job.</exception>
    public T Read<T>(string id, Func<JobRecord, T> read)
    {
        lock (_gate)
        {
            return read(Find(id));
        }
    }

    /// <summary>Reads a job that may have been deleted meanwhile.</summary>
    public T Peek<T>(string id, Func<JobRecord, T> read)
    {
        lock (_gate)
        {
            return read(_jobs[id]);
        }
    }

    /// <summary>Changes a job, deleted or not, and stores it.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="change">What is changed.</param>
    /// <param name="store">False for what need not survive this server.</param>
    public void Change(string id, Action<JobRecord> change, bool store = true)
    {
        lock (_gate)
        {
            var job = _jobs[id];
            change(job);
            job.UpdatedAt = _time.GetUtcNow();
            if (store)
            {
                Store(job);
            }
        }
    }

    public void AddEvent(JobRecord job, string type, string message, string level = "info", string checkpoint = "", string model = "") =>
        job.Events.Add(new JobEvent(_time.GetUtcNow(), level, type, message, job.Step, checkpoint, model));

    public T Create<T>(JobSettings settings, FileRecord trainingFile, Func<JobRecord, T> read)
    {
        lock (_gate)
        {
            var repetition = 0;
            while (_jobs.ContainsKey(IdOf(settings.Identity(repetition))))
            {
                repetition++;
            }

            var identity = settings.Identity(repetition);
            var baseName = settings.Model.Split('/')[^1];
            var now = _time.GetUtcNow();
            var job = new JobRecord
            {
                Id = IdOf(identity),
                Sequence = _jobs.Count,
                Settings = settings,
                OutputName = $"sandbox-user/{baseName}{(settings.Suffix is null ? string.Empty : "-" + settings.Suffix)}-{identity[..8]}",
                CreatedAt = now,
                UpdatedAt = now,
                Status = JobWord.Pending,
                TrainingLines = trainingFile.Lines ?? 0,
                TrainingBytes = trainingFile.Bytes,
            };
            AddEvent(job, "job_pending", "Fine-tuning job created");
            Store(job);
            _jobs[job.Id] = job;
            _news.Release();
            return read(job);
        }
    }

    /// <summary>Asks a job to stop; the worker does the rest if it has begun.</summary>
    /// <exception cref="ApiException">400: it is over. 404: no such job.</exception>
    public T Cancel<T>(string id, Func<JobRecord, T> read)
    {
        lock (_gate)
        {
            var job = Find(id);
            if (JobWord.IsTerminal(job.Status))
            {
                throw new ApiException(400, $"The job '{id}' is {job.Status} and can no longer be cancelled.", code: "job_not_cancellable");
            }

            if (job.Status is not JobWord.CancelRequested)
            {
                AddEvent(job, "cancel_requested", "Cancellation requested");
                var begun = job.Status is not (JobWord.Pending or JobWord.Queued);
                job.Status = begun ? JobWord.CancelRequested : JobWord.Cancelled;
                if (!begun)
                {
                    AddEvent(job, "job_stopped", "Job cancelled before it began");
                }

                job.UpdatedAt = _time.GetUtcNow();
                Store(job);
            }

            return read(job);
        }
    }

    /// <summary>Removes a job and the model it made; one under way is stopped.</summary>
    /// <exception cref="ApiException">404: no such job.</exception>
    public void Delete(string id)
    {
        lock (_gate)
        {
            var job = Find(id);
            job.IsDeleted = true;
            if (!JobWord.IsTerminal(job.Status))
            {
                job.Status = JobWord.CancelRequested;
            }

            Store(job);
            File.Delete(ModelPath(id));
            foreach (var checkpoint in job.Checkpoints)
            {
                File.Delete(ModelPath(id, checkpoint.Step));
            }
        }
    }

    /// <summary>The oldest job that is not over; waits for one.</summary>
    public async Task<string> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_jobs.Values.Where(job => !JobWord.IsTerminal(job.Status)).MinBy(job => job.Sequence) is { } next)
                {
                    return next.Id;
                }
            }

            await _news.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A tuned model by its name, or a checkpoint by <c>job:step</c>; null when there is none.</summary>
    public TunedModel? FindModel(string name)
    {
        lock (_gate)
        {
            foreach (var job in _jobs.Values.Where(job => !job.IsDeleted))
            {
                if (job.Status is JobWord.Completed && string.Equals(job.OutputName, name, StringComparison.Ordinal))
                {
                    return new TunedModel(name, job.Settings.Model, ModelPath(job.Id), job.UpdatedAt);
                }

                if (name.StartsWith(job.Id + ":", StringComparison.Ordinal)
                    && job.Checkpoints.Find(point => !point.IsFinal && string.Equals(name, FormattableString.Invariant($"{job.Id}:{point.Step}"), StringComparison.Ordinal)) is { } found)
                {
                    return new TunedModel(name, job.Settings.Model, ModelPath(job.Id, found.Step), found.CreatedAt);
                }
            }

            return null;
        }
    }

    public void Dispose() => _news.Dispose();

    private static string IdOf(string identity) => "ft-" + identity[8..28];

    private JobRecord Find(string id) =>
        _jobs.TryGetValue(id, out var job) && !job.IsDeleted ? job : throw ApiException.NotFound("fine-tuning job", id);

    private void Store(JobRecord job) => StateFolder.Write(
        Path.Combine(_folder.Jobs, job.Id + ".json"),
        stream => JsonSerializer.Serialize(stream, job, StateJson.Default.JobRecord));
}
