using System.Globalization;

namespace Cfx.Core.Training;

/// <summary>Finds the record of a job that belongs to no study, whose file name holds a time.</summary>
public static class JobRecordFiles
{
    /// <summary>The newest record of an input with a plan's fingerprint, so that a pending job is taken up; else a new name.</summary>
    /// <param name="folder">Holds the records; need not exist.</param>
    /// <param name="inputName">The input's name without its extension.</param>
    /// <param name="provider">Only records of this provider are taken up.</param>
    /// <param name="plan">What is to be trained.</param>
    /// <param name="now">Names a new record.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The path {folder}/{inputName}_finetune_{timestamp}.json; a record that is not readable is passed over.</returns>
    public static async Task<string> FindOrNameAsync(
        string folder, string inputName, string provider, JobPlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var prefix = $"{inputName}_finetune_";
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        foreach (var path in files
            .Where(f => Path.GetFileName(f).StartsWith(prefix, StringComparison.Ordinal))
            .OrderByDescending(f => f, StringComparer.Ordinal))
        {
            if (await TryReadAsync(path, cancellationToken) is { } record
                && string.Equals(record.Fingerprint, plan.Fingerprint, StringComparison.Ordinal)
                && string.Equals(record.Provider, provider, StringComparison.Ordinal))
            {
                return path;
            }
        }

        return Path.Combine(folder, prefix + now.UtcDateTime.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture) + ".json");
    }

    private static async Task<JobRecord?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await JobRecord.ReadAsync(path, cancellationToken);
        }
        catch (MisuseException)
        {
            return null;
        }
    }
}
