using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Training;

namespace Cfx.Build.Composition;

/// <summary>The files in data, models and results that this program made. A file that nothing says it made is never touched.</summary>
/// <param name="root">The project's folder.</param>
internal sealed class GeneratedFiles(string root)
{
    private const string ManifestEnding = ".manifest.json";
    private static readonly string[] Folders = ["data", "models", "results"];
    private static readonly string[] Companions = [ManifestEnding, ".records.jsonl"];

    /// <summary>Removes them, and the folders that are empty then.</summary>
    /// <param name="includePaid">Whether artifacts that cost money go too.</param>
    /// <param name="cancellationToken">Stops between two artifacts.</param>
    /// <returns>How many files were removed, and how many kept because they were paid for.</returns>
    public async Task<(int Removed, int Kept)> RemoveAsync(bool includePaid, CancellationToken cancellationToken)
    {
        int removed = 0, kept = 0;
        foreach (var folder in Folders.Select(f => Path.Combine(root, f)).Where(Directory.Exists))
        {
            foreach (var path in Directory.GetFiles(folder, "*" + ManifestEnding, SearchOption.AllDirectories))
            {
                var artifact = path[..^ManifestEnding.Length];
                if (await Manifest.TryReadAsync(artifact, cancellationToken) is not { } manifest)
                {
                    continue;
                }

                var outputs = manifest.Outputs.Select(o => Path.GetFullPath(o.Path, root)).Where(IsInside).ToList();
                if (!includePaid && manifest.IsPaid)
                {
                    kept += outputs.Count;
                    continue;
                }

                removed += outputs.Concat(Companions.Select(c => artifact + c)).Count(Remove);
            }

            foreach (var path in Directory.GetFiles(folder, "*_finetune_*.json"))
            {
                // Records of jobs outside a study have no manifest; they say themselves who trained.
                if (await IsJobAsync(path, ofSandbox: true, cancellationToken) || (includePaid && await IsJobAsync(path, ofSandbox: false, cancellationToken)))
                {
                    removed += Remove(path) ? 1 : 0;
                }
            }

            removed += Directory.GetFiles(folder, "*" + AtomicFile.TemporarySuffix, SearchOption.AllDirectories).Count(Remove);
            RemoveEmptyFolders(folder);
        }

        return (removed, kept);
    }

    private static async Task<bool> IsJobAsync(string path, bool ofSandbox, CancellationToken cancellationToken)
    {
        try
        {
            return await JobRecord.ReadAsync(path, cancellationToken) is { } record && record.Sandbox == ofSandbox;
        }
        catch (MisuseException)
        {
            return false;
        }
    }

    // A manifest is a file like any other: what it names outside these folders is not ours to remove.
    private bool IsInside(string path) => Folders.Any(f => path.StartsWith(Path.Combine(root, f) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static bool Remove(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    private static void RemoveEmptyFolders(string folder)
    {
        foreach (var inner in Directory.GetDirectories(folder))
        {
            RemoveEmptyFolders(inner);
            if (!Directory.EnumerateFileSystemEntries(inner).Any())
            {
                Directory.Delete(inner);
            }
        }
    }
}
