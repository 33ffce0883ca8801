using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Conversations;

/// <summary>Writes records one at a time into a file that appears whole or not at all: a JSON array (.json) or JSONL (.jsonl, .ndjson).
/// Fields, their order and the digits of their numbers stay as they are. Disposing without <see cref="CommitAsync"/> writes nothing.</summary>
public sealed class ConversationWriter : IAsyncDisposable
{
    private readonly AtomicFile _file;
    private readonly JsonRecordWriter _records;

    private ConversationWriter(AtomicFile file, bool array)
    {
        _file = file;
        _records = new JsonRecordWriter(file.Stream, array);
    }

    /// <summary>How many records were written.</summary>
    public long Count => _records.Count;

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

    public Task WriteAsync(JsonObject record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _records.WriteAsync(record, cancellationToken);
    }

    /// <summary>Ends the file and puts it in its place.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await _records.CompleteAsync(cancellationToken);
        await _file.CommitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
