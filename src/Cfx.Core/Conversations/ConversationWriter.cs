using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Conversations;

/// <summary>Writes records one at a time into a file that appears whole or not at all: a JSON array (.json) or JSONL (.jsonl, .ndjson).
/// Fields, their order and the digits of their numbers stay as they are. Disposing without <see cref="CommitAsync"/> writes nothing.</summary>
public sealed class ConversationWriter : IAsyncDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = RecordParser.MaxDepth + 1,
        // Property names come from dictionaries: there are no duplicates to look for.
        SkipValidation = true,
    };

    private readonly AtomicFile _file;
    private readonly bool _array;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 12);
    private readonly Utf8JsonWriter _json;

    private ConversationWriter(AtomicFile file, bool array)
    {
        _file = file;
        _array = array;
        _json = new Utf8JsonWriter(_buffer, Options);
    }

    /// <summary>How many records were written.</summary>
    public long Count { get; private set; }

    /// <summary>Begins a file; creates its folder when needed.</summary>
    /// <exception cref="MisuseException">The name ends in something else than .json, .jsonl or .ndjson.</exception>
    /// <exception cref="StageFailedException">The file cannot be created.</exception>
    public static ConversationWriter Create(string path)
    {
        var array = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".JSON" => true,
            ".JSONL" or ".NDJSON" => false,
            _ => throw new MisuseException($"Cannot tell the format of '{path}' by its name; let it end in .json (an array) or .jsonl (a record a line)."),
        };
        return new ConversationWriter(AtomicFile.Create(path), array);
    }

    public async ValueTask WriteAsync(JsonObject record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        _buffer.ResetWrittenCount();
        if (_array)
        {
            _buffer.Write(Count == 0 ? "[\n"u8 : ",\n"u8);
        }

        _json.Reset();
        record.WriteTo(_json);
        await _json.FlushAsync(cancellationToken);
        if (!_array)
        {
            _buffer.Write("\n"u8);
        }

        await _file.Stream.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        Count++;
    }

    /// <summary>Ends the file and puts it in its place.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_array)
        {
            await _file.Stream.WriteAsync(Count == 0 ? "[]\n"u8.ToArray() : "\n]\n"u8.ToArray(), cancellationToken);
        }

        await _file.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _json.DisposeAsync();
        await _file.DisposeAsync();
    }
}
