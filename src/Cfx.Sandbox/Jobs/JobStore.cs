using System.Globalization;
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

    /// <summary>Removes the training states of a job, those that a crash left unnamed by its record too.</summary>
    public void DeleteStates(string id)
    {
        foreach (var path in Directory.GetFiles(_folder.Jobs, id + ".*.state"))
        {
            File.Delete(path);
        }
    }

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

    /// <param name="settings">What is asked for.</param>
    /// <param name="trainingFile">The file of its examples.</param>
    /// <param name="fate">What will go wrong with it; null for nothing.</param>
    /// <param name="read">Reads the new job.</param>
    public T Create<T>(JobSettings settings, FileRecord trainingFile, FaultKind? fate, Func<JobRecord, T> read)
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
                Fate = fate is FaultKind.JobFails or FaultKind.JobHangs or FaultKind.JobVanishes ? fate : null,
            };
            AddEvent(job, "job_pending", "Fine-tuning job created");
            var described = read(job);
            if (fate == FaultKind.JobVanishes)
            {
                (job.IsDeleted, job.Status) = (true, JobWord.Cancelled);
            }

            Store(job);
            _jobs[job.Id] = job;
            _news.Release();
            return described;
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
                var begun = job.Status is not (JobWord.Pending or JobWord.Queued) && !job.IsHanging();
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
            File.Delete(ModelPath(id) + WeightArchive.Ending);
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
                if (_jobs.Values.Where(job => !JobWord.IsTerminal(job.Status) && !job.IsHanging()).MinBy(job => job.Sequence) is { } next)
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

    /// <summary>The model of a finished job by the job's id, or an intermediate checkpoint by the model's name and step; null when there is none.</summary>
    public TunedModel? FindModelOfJob(string name)
    {
        var cut = name.LastIndexOf(':');
        var (whose, step) = cut < 0 ? (name, null) : (name[..cut], name[(cut + 1)..]);
        string? found;
        lock (_gate)
        {
            var job = _jobs.Values.FirstOrDefault(job => !job.IsDeleted && job.Status is JobWord.Completed
                && (string.Equals(job.Id, whose, StringComparison.Ordinal) || string.Equals(job.OutputName, whose, StringComparison.Ordinal)));
            var isLast = step is null || string.Equals(step, job?.Step.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            found = job is null ? null : isLast ? job.OutputName : $"{job.Id}:{step}";
        }

        return found is null ? null : FindModel(found);
    }

    public void Dispose() => _news.Dispose();

    private static string IdOf(string identity) => "ft-" + identity[8..28];

    private JobRecord Find(string id) =>
        _jobs.TryGetValue(id, out var job) && !job.IsDeleted ? job : throw ApiException.NotFound("fine-tuning job", id);

    private void Store(JobRecord job) => StateFolder.Write(
        Path.Combine(_folder.Jobs, job.Id + ".json"),
        stream => JsonSerializer.Serialize(stream, job, StateJson.Default.JobRecord));
}
