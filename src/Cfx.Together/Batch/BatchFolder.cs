using Cfx.Core;
using Cfx.Core.Artifacts;

namespace Cfx.Together.Batch;

/// <summary>Where batches are remembered: a record each, and the calls of those that are not collected yet.</summary>
internal sealed class BatchFolder(BatchOptions options)
{
    private const string DraftPrefix = "draft-";

    /// <summary>The calls of a batch; also, by its last part, the file's name at the provider.</summary>
    public string Calls(string name) => Path.Combine(options.Folder, name + ".jsonl");

    /// <summary>A file for calls whose batch has no name yet.</summary>
    public string Draft(int number) => Path.Combine(options.Folder, FormattableString.Invariant($"{DraftPrefix}{number}.jsonl"));

    /// <summary>Whether a batch may have been left under way; does not look into files.</summary>
    public bool IsEmpty => !Directory.Exists(options.Folder) || !Directory.EnumerateFiles(options.Folder, "*.json").Any();

    /// <summary>Makes the folder when missing.</summary>
    /// <exception cref="StageFailedException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(options.Folder);
            }
            else
            {
                Directory.CreateDirectory(options.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StageFailedException($"Cannot make the folder '{options.Folder}': {e.Message}. Check that it is yours to write.", e);
        }
    }

    /// <summary>All records, in order of their names.</summary>
    /// <exception cref="MisuseException">A file is not a record.</exception>
    public async Task<IReadOnlyList<BatchRecord>> ReadAsync(CancellationToken cancellationToken)
    {
        var records = new List<BatchRecord>();
        string[] paths = Directory.Exists(options.Folder) ? Directory.GetFiles(options.Folder, "*.json") : [];
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            records.Add(await BatchRecord.ReadAsync(path, cancellationToken));
        }

        return records;
    }

    /// <summary>Writes a record whole; an interrupted write leaves the older one.</summary>
    public Task WriteAsync(BatchRecord record, CancellationToken cancellationToken) =>
        options.Writing(record.State, () => AtomicFile.WriteBytesAsync(Record(record.Name), record.Write(), cancellationToken));

    /// <summary>Writes the last record of a batch and removes its calls, which the store holds now.</summary>
    public async Task FinishAsync(BatchRecord record)
    {
        await WriteAsync(record, CancellationToken.None);
        File.Delete(Calls(record.Name));
    }

    /// <summary>Forgets a batch that was never created.</summary>
    public void Forget(BatchRecord record)
    {
        File.Delete(Record(record.Name));
        File.Delete(Calls(record.Name));
    }

    /// <summary>Removes what a killed run left half done.</summary>
    public void Sweep(IReadOnlyList<BatchRecord> records)
    {
        var needed = records.Where(r => !r.IsFinished).Select(r => Calls(r.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(options.Folder))
        {
            if ((path.EndsWith(".jsonl", StringComparison.Ordinal) && !needed.Contains(path))
                || path.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal)
                || path.EndsWith(Results, StringComparison.Ordinal))
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>A file for results while they are read; it goes when it is closed.</summary>
    public FileStream OpenResults(string name) => Open(Path.Combine(options.Folder, name + Results), FileOptions.DeleteOnClose);

    /// <summary>A new file that its owner alone can read.</summary>
    public static FileStream Open(string path, FileOptions more)
    {
        var file = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            Options = FileOptions.Asynchronous | more,
        };
        if (!OperatingSystem.IsWindows())
        {
            // Calls and results hold people's conversations.
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FileStream(path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StageFailedException($"Cannot write '{path}': {e.Message}. Check that the folder is yours to write.", e);
        }
    }

    private const string Results = ".results";

    private string Record(string name) => Path.Combine(options.Folder, name + ".json");
}
