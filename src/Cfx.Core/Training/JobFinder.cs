namespace Cfx.Core.Training;

/// <summary>Recognises a job of ours in a provider's list.</summary>
internal static class JobFinder
{
    /// <summary>The jobs made with a suffix from a base model, best first: complete, then under way, then failed; oldest first within each.</summary>
    public static IReadOnlyList<FineTuningJob> Matches(
        IEnumerable<FineTuningJob> jobs, string suffix, string baseModel, string? trainingFileId, IReadOnlySet<string> excluded) =>
    [
        .. jobs
            .Where(j => !excluded.Contains(j.Id) && IsMatch(j, suffix, baseModel, trainingFileId))
            .OrderBy(j => j.Status is JobStatus.Completed ? 0 : JobStatus.IsFailure(j.Status) ? 2 : 1)
            .ThenBy(j => j.CreatedAt ?? DateTimeOffset.MaxValue)
            .ThenBy(j => j.Id, StringComparer.Ordinal),
    ];

    // The suffix ends in a fingerprint of all that makes the job, its base model too: where it stands, nothing else need agree. The list is a shortened
    // view: where the suffix is left out, the model's name or the training file tells.
    private static bool IsMatch(FineTuningJob job, string suffix, string baseModel, string? trainingFileId) => (job.Suffix, job.OutputModel) switch
    {
        ({ Length: > 0 } own, _) => string.Equals(own, suffix, StringComparison.Ordinal),
        (_, { Length: > 0 } output) => output.Contains(suffix, StringComparison.Ordinal),
        _ => trainingFileId is not null && string.Equals(job.TrainingFileId, trainingFileId, StringComparison.Ordinal)
            && (job.BaseModel is null || string.Equals(job.BaseModel, baseModel, StringComparison.Ordinal)),
    };
}
