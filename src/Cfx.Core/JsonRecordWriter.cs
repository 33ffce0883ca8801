using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;

namespace Cfx.Core;

/// <summary>Writes records one by one, as JSONL or as one JSON array with a record a line. Holds one record at a time.</summary>
internal sealed class JsonRecordWriter
{
    private readonly Stream _stream;
    private readonly bool _array;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <param name="stream">Written to, never closed here.</param>
    /// <param name="asArray">True for one JSON array, false for JSONL.</param>
    public JsonRecordWriter(Stream stream, bool asArray)
    {
        _stream = stream;
        _array = asArray;
    }

    /// <summary>How many records were written.</summary>
    public long Count { get; private set; }

    public async Task WriteAsync(JsonObject record, CancellationToken cancellationToken)
    {
        _buffer.Clear();
        if (_array)
        {
            _buffer.Write(Count == 0 ? "[\n"u8 : ",\n"u8);
        }

        using (var writer = new Utf8JsonWriter(_buffer, JsonText.CompactOptions))
        {
            record.WriteTo(writer);
        }

        if (!_array)
        {
            _buffer.Write("\n"u8);
        }

        await _stream.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        Count++;
    }

    /// <summary>Ends the file; an array is closed, JSONL needs nothing.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_array)
        {
            await _stream.WriteAsync(Count == 0 ? "[]\n"u8.ToArray() : "\n]\n"u8.ToArray(), cancellationToken);
        }
    }
}
