namespace Cfx.Core.Training;

/// <summary>Finds what this project left at a provider among all that the account has there.</summary>
public static class RemoteInventory
{
    /// <param name="records">Every job record of the project.</param>
    /// <param name="local">The names and sizes of the training files in this folder.</param>
    /// <param name="files">The account's files.</param>
    /// <param name="jobs">The account's jobs.</param>
    /// <param name="others">Further files of this project by id, or by name where no id is known, and how they stand; null for none.</param>
    /// <returns>Files by name, then jobs by age, each with its model. What is not this project's is left out.</returns>
    public static IReadOnlyList<RemoteItem> Find(
        IReadOnlyList<JobRecord> records, IReadOnlyList<(string Name, long Bytes)> local, IReadOnlyList<RemoteFile> files, IReadOnlyList<FineTuningJob> jobs,
        IReadOnlyDictionary<string, RemoteClaim>? others = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(local);
        var known = Known(records, local);
        var certain = jobs.Where(j => IsNamed(j, records)).Select(j => j.Id).ToHashSet(StringComparer.Ordinal);

        // Somebody with the same data and other settings has files of the same names and sizes: such a job may be theirs, paid for and in use.
        var ours = jobs.Where(j => certain.Contains(j.Id) || MayBeOurs(j, records, files, known)).ToList();
        var working = ours.Where(j => !JobStatus.IsTerminal(j.Status) && j.TrainingFileId is not null).Select(j => j.TrainingFileId!)
            .Concat(records.Where(r => !JobStatus.IsTerminal(r.Status) && r.Status is not JobRecord.Rejected).SelectMany(FileIds)).ToHashSet(StringComparer.Ordinal);
        var needed = records.SelectMany(FileIds).ToHashSet(StringComparer.Ordinal);
        var trained = ours.Where(j => j.TrainingFileId is not null && certain.Contains(j.Id)).Select(j => j.TrainingFileId!).ToHashSet(StringComparer.Ordinal);
        var unsure = ours.Where(j => j.TrainingFileId is not null && !certain.Contains(j.Id)).Select(j => j.TrainingFileId!).ToHashSet(StringComparer.Ordinal);
        var names = known.Select(k => k.Name).ToHashSet(StringComparer.Ordinal);
        var items = new List<RemoteItem>();
        foreach (var file in files.OrderBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Id, StringComparer.Ordinal))
        {
            RemoteClaim? claim = working.Contains(file.Id) ? RemoteClaim.UnderWay
                : needed.Contains(file.Id) ? RemoteClaim.Needed
                : unsure.Contains(file.Id) ? RemoteClaim.Unsure
                : trained.Contains(file.Id) || (file.Bytes is { } bytes && known.Contains((file.Name, bytes))) ? RemoteClaim.Unneeded
                : names.Contains(file.Name) ? RemoteClaim.Unsure
                : others is not null && (others.TryGetValue(file.Id, out var other) || others.TryGetValue(file.Name, out other)) ? other
                : null;
            if (claim is { } clear)
            {
                items.Add(new RemoteItem("file", file.Id, file.Name, file.Purpose, file.Bytes, file.CreatedAt, clear));
            }
        }

        var current = records.Select(r => r.JobId).ToHashSet(StringComparer.Ordinal);
        foreach (var job in ours.OrderBy(j => j.CreatedAt ?? DateTimeOffset.MaxValue).ThenBy(j => j.Id, StringComparer.Ordinal))
        {
            var claim = !JobStatus.IsTerminal(job.Status) ? RemoteClaim.UnderWay
                : current.Contains(job.Id) ? RemoteClaim.Needed
                : !certain.Contains(job.Id) ? RemoteClaim.Unsure
                : RemoteClaim.Unneeded;
            items.Add(new RemoteItem("job", job.Id, job.Suffix ?? string.Empty, job.Status, null, job.CreatedAt, claim));
            if (job is { Status: JobStatus.Completed, OutputModel: { } model })
            {
                items.Add(new RemoteItem("model", model, string.Empty, $"of {job.Id}", null, job.CreatedAt, claim));
            }
        }

        return items;
    }

    private static HashSet<(string Name, long Bytes)> Known(IReadOnlyList<JobRecord> records, IReadOnlyList<(string Name, long Bytes)> local) =>
        [.. local, .. records.SelectMany(Files).Select(f => (f.Name, f.Bytes))];

    private static IEnumerable<JobFile> Files(JobRecord record) =>
        new[] { record.TrainingFile, record.ValidationFile }.OfType<JobFile>();

    private static IEnumerable<string> FileIds(JobRecord record) => Files(record).Select(f => f.FileId).OfType<string>();

    /// <summary>Whether a record names the job, by its id or by its suffix, which ends in the job's fingerprint.</summary>
    private static bool IsNamed(FineTuningJob job, IReadOnlyList<JobRecord> records) =>
        records.Any(r => r.JobId == job.Id
            || (r.EarlierJobs ?? []).Any(e => e.JobId == job.Id)
            || (job.Suffix is { Length: > 0 } suffix && (r.Suffix == suffix || (r.EarlierJobs ?? []).Any(e => e.Suffix == suffix))));

    private static bool MayBeOurs(FineTuningJob job, IReadOnlyList<JobRecord> records, IReadOnlyList<RemoteFile> files, HashSet<(string Name, long Bytes)> known) =>
        job.TrainingFileId is { } id
        && (records.SelectMany(FileIds).Contains(id, StringComparer.Ordinal)
            || files.Any(f => f.Id == id && f.Bytes is { } bytes && known.Contains((f.Name, bytes))));
}
