using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Training;

/// <summary>Where each item stands in one method's processed file, and whether it may be learnt.</summary>
internal sealed class ProcessedIndex : IAsyncDisposable
{
    private readonly FileStream _stream;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private ProcessedIndex(string method, FileStream stream)
    {
        Method = method;
        _stream = stream;
    }

    public string Method { get; }

    public IEnumerable<string> ItemIds => _entries.Keys;

    public static async Task<ProcessedIndex> OpenAsync(string method, string path, int? maxContextTurns, CancellationToken cancellationToken)
    {
        var stream = RawLines.Open(path, $"Process --method={method} writes it.");
        var index = new ProcessedIndex(method, stream);
        try
        {
            await foreach (var line in RawLines.ReadAsync(stream, cancellationToken))
            {
                if (!line.IsBlank)
                {
                    index.Add(line, path, maxContextTurns);
                }
            }

            return index;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public Entry? Find(string itemId) => _entries.TryGetValue(itemId, out var entry) ? entry : null;

    /// <summary>Reads an item's record again and makes its training line.</summary>
    public async Task<ReadOnlyMemory<byte>> ExampleAsync(Entry entry, int? maxContextTurns, CancellationToken cancellationToken) =>
        (await ReadAsync(entry, cancellationToken)).Example(maxContextTurns).Line;

    /// <summary>Reads an item's record again and makes its preference pair.</summary>
    public async Task<ReadOnlyMemory<byte>> PairAsync(Entry entry, int? maxContextTurns, CancellationToken cancellationToken) =>
        (await ReadAsync(entry, cancellationToken)).Pair(maxContextTurns).Line;

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<ProcessedRecord> ReadAsync(Entry entry, CancellationToken cancellationToken)
    {
        var bytes = new byte[entry.Length];
        var read = 0;
        while (read < bytes.Length)
        {
            var got = await RandomAccess.ReadAsync(_stream.SafeFileHandle, bytes.AsMemory(read), entry.Offset + read, cancellationToken);
            if (got == 0)
            {
                throw new StageFailedException($"'{_stream.Name}' became shorter while it was read. Run again when nothing else writes it.");
            }

            read += got;
        }

        var position = new RecordPosition(_stream.Name, entry.Number, null);
        return ProcessedRecord.Read(Parse(bytes, position));
    }

    private void Add(RawLine line, string path, int? maxContextTurns)
    {
        var position = new RecordPosition(path, line.Number, null);
        var record = ProcessedRecord.Read(Parse(line.Bytes.Span, position));
        if (record.ItemId is null)
        {
            throw new MisuseException($"{position}: no 'item_id'. Run Process again; it writes one into every record.");
        }

        var (reason, detail) = (record.Reason, record.Detail);
        if (reason is null && record.Example(maxContextTurns).Fault is { } fault)
        {
            (reason, detail) = (ProcessedRecord.BadForm, fault);
        }

        var entry = new Entry(
            line.Number, line.Offset, line.Bytes.Length, record.IsPositive, record.ContextKey(), reason, detail,
            reason is null ? record.Pair(maxContextTurns).Fault : null);
        if (!_entries.TryAdd(record.ItemId, entry))
        {
            throw new MisuseException($"{position}: the item '{record.ItemId}' stands here a second time. Run Process again.");
        }
    }

    private static JsonObject Parse(ReadOnlySpan<byte> line, RecordPosition position)
    {
        var read = RecordParser.Parse(line, position);
        return read.Value ?? throw new MisuseException($"{read.Rejected}. Run Process again, or mend the line.");
    }

    /// <param name="Number">The record's line, from 1.</param>
    /// <param name="Offset">Where the record's line begins.</param>
    /// <param name="Length">The line's bytes.</param>
    /// <param name="IsPositive">Whether the answer was kept because the feedback was positive.</param>
    /// <param name="ContextKey">Tells contexts apart.</param>
    /// <param name="Reason">Why the item cannot be learnt; null when it can.</param>
    /// <param name="Detail">The same in words.</param>
    /// <param name="PairFault">Why there is no preference pair though the item can be learnt; null when there is one, or the answer was liked.</param>
    internal sealed record Entry(
        int Number, long Offset, int Length, bool IsPositive, UInt128 ContextKey, string? Reason, string? Detail, string? PairFault);
}
