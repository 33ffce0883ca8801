using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Files;

/// <summary>The uploaded files, in memory and in the state folder.</summary>
internal sealed class FileStore
{
    private readonly Lock _gate = new();
    private readonly StateFolder _folder;
    private readonly TimeProvider _time;
    private readonly long _maximumBytes;
    private readonly Dictionary<string, FileRecord> _records;
    private readonly HashSet<string> _announced = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _receiving = new(StringComparer.Ordinal);

    public FileStore(StateFolder folder, TimeProvider time, long maximumBytes)
    {
        _folder = folder;
        _time = time;
        _maximumBytes = maximumBytes;
        _records = Directory.EnumerateFiles(folder.Files, "*.json")
            .Select(path => JsonSerializer.Deserialize(File.ReadAllBytes(path), StateJson.Default.FileRecord)!)
            .ToDictionary(record => record.Id, StringComparer.Ordinal);
    }

    public IReadOnlyList<FileRecord> List()
    {
        lock (_gate)
        {
            return [.. _records.Values.Where(record => !record.IsDeleted).OrderBy(record => record.Sequence)];
        }
    }

    /// <exception cref="ApiException">404: no such file.</exception>
    public FileRecord Get(string id)
    {
        lock (_gate)
        {
            return _records.TryGetValue(id, out var record) && !record.IsDeleted ? record : throw ApiException.NotFound("file", id);
        }
    }

    public string ContentPath(FileRecord record) => Path.Combine(_folder.Files, record.Id + ".content");

    /// <summary>Announces a file whose content comes later.</summary>
    public FileRecord Create(string fileName, string purpose, string fileType)
    {
        lock (_gate)
        {
            // An announcement to an earlier server that was never followed by content is taken up again, so that
            // a run that was stopped between the two gets the same id. One of this server's may still be under way.
            for (var again = 0; ; again++)
            {
                var id = "file-" + ContentId.Hex(24, fileName, purpose, fileType, again == 0 ? null : $"{again}");
                var isFree = !_records.TryGetValue(id, out var known) || known is { ContentHash: null, IsDeleted: false };
                if (!isFree || !_announced.Add(id))
                {
                    continue;
                }

                return known ?? Put(new FileRecord(
                    id, _records.Count, fileName, purpose, fileType, _time.GetUtcNow(), 0, null, FileRecord.Pending, null, null, null, false, false));
            }
        }
    }

    /// <summary>Takes in the content of an announced file and checks it.</summary>
    /// <exception cref="ApiException">400, 404, 413: not announced, already there, broken off or too large.</exception>
    public async Task<FileRecord> ReceiveAsync(string id, Stream content, CancellationToken cancellationToken)
    {
        var turn = _receiving.GetOrAdd(id, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            var record = Get(id);
            var path = ContentPath(record);
            var temporary = path + ".tmp";
            var (hash, bytes) = await CopyAsync(content, temporary, cancellationToken);
            if (record.ContentHash is not null)
            {
                // A retried upload whose first reply was lost is no error; another content under the same id is.
                File.Delete(temporary);
                return string.Equals(record.ContentHash, hash, StringComparison.Ordinal)
                    ? record
                    : throw new ApiException(400, $"The file '{id}' already has another content.", code: "already_uploaded");
            }

            var check = new FileCheck(null, null, 0, false);
            if (record is { Purpose: FileRecord.ForTraining, FileType: "jsonl" })
            {
                await using var stream = File.OpenRead(temporary);
                check = await TrainingFile.CheckAsync(stream, cancellationToken);
            }

            File.Move(temporary, path, overwrite: true);
            lock (_gate)
            {
                return Put(record with
                {
                    Bytes = bytes,
                    ContentHash = hash,
                    Status = check.Error is null ? FileRecord.Completed : FileRecord.InvalidFormat,
                    Error = check.Error,
                    DatasetFormat = check.Format,
                    Lines = check.Lines == 0 ? null : check.Lines,
                    HasWeights = check.HasWeights,
                });
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <exception cref="ApiException">404: no such file.</exception>
    public void Delete(string id)
    {
        lock (_gate)
        {
            var record = Get(id);
            Put(record with { IsDeleted = true });
            File.Delete(ContentPath(record));
        }
    }

    private async Task<(string Hash, long Bytes)> CopyAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        var buffer = new byte[64 * 1024];
        var total = 0L;
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            total += read;
            if (total > _maximumBytes)
            {
                throw new ApiException(413, $"The file is larger than {_maximumBytes} bytes.", code: "file_too_large");
            }

            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        target.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), total);
    }

    private FileRecord Put(FileRecord record)
    {
        StateFolder.Write(
            Path.Combine(_folder.Files, record.Id + ".json"),
            stream => JsonSerializer.Serialize(stream, record, StateJson.Default.FileRecord));
        _records[record.Id] = record;
        return record;
    }
}
