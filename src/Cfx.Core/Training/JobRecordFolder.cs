namespace Cfx.Core.Training;

/// <summary>All job records below a folder.</summary>
public static class JobRecordFolder
{
    /// <param name="folder">Searched with its folders; need not exist.</param>
    /// <param name="provider">Only records of this provider's jobs are taken.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>In the order of their paths; a file that is no job record is passed over.</returns>
    public static async Task<IReadOnlyList<JobRecord>> ReadAsync(string folder, string provider, CancellationToken cancellationToken)
    {
        var records = new List<JobRecord>();
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories) : [];
        foreach (var path in files.Where(IsRecord).Order(StringComparer.Ordinal))
        {
            try
            {
                if (await JobRecord.ReadAsync(path, cancellationToken) is { } record && string.Equals(record.Provider, provider, StringComparison.Ordinal))
                {
                    records.Add(record);
                }
            }
            catch (MisuseException)
            {
                // Another file that happens to be called so.
            }
        }

        return records;
    }

    /// <summary>Whether a file has the name of a job record.</summary>
    public static bool IsRecord(string path) =>
        path.EndsWith("_job.json", StringComparison.Ordinal) || Path.GetFileName(path).Contains("_finetune_", StringComparison.Ordinal);
}
