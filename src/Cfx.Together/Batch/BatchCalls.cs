using System.Text.Json;

namespace Cfx.Together.Batch;

/// <summary>The calls of one batch, on disk; only their ids and places are held.</summary>
internal sealed class BatchCalls
{
    private readonly string _path;
    private readonly BatchRecord _record;
    private readonly Dictionary<string, (long Offset, int Length)> _places;

    private BatchCalls(string path, BatchRecord record, Dictionary<string, (long Offset, int Length)> places)
    {
        _path = path;
        _record = record;
        _places = places;
    }

    public IReadOnlyCollection<string> Ids => _places.Keys;

    public bool Contains(string id) => _places.ContainsKey(id);

    /// <returns>Null when the file is missing or not what the record says.</returns>
    public static async Task<BatchCalls?> OpenAsync(string path, BatchRecord record, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var places = new Dictionary<string, (long, int)>(record.Requests, StringComparer.Ordinal);
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        try
        {
            await foreach (var (offset, line) in ByteLines.ReadAsync(stream, cancellationToken))
            {
                places[BatchCall.IdOf(line.Span)] = (offset, line.Length);
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return places.Count == record.Requests ? new BatchCalls(path, record, places) : null;
    }

    /// <summary>Calls by their ids; disposing closes the file.</summary>
    public Reader Read() => new(this);

    public sealed class Reader(BatchCalls calls) : IDisposable
    {
        private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(calls._path);

        /// <returns>Null for an id that is not one of the batch's.</returns>
        public BatchCall? Find(string id)
        {
            if (!calls._places.TryGetValue(id, out var place))
            {
                return null;
            }

            var line = new byte[place.Length];
            var read = 0;
            while (read < line.Length && RandomAccess.Read(_file, line.AsSpan(read), place.Offset + read) is > 0 and var more)
            {
                read += more;
            }

            return BatchCall.Read(line, calls._record.Server, calls._record.ModelIdentity);
        }

        public void Dispose() => _file.Dispose();
    }
}
