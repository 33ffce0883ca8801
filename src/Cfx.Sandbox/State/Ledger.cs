using System.Text.Json;

namespace Cfx.Sandbox.State;

/// <summary>Every request that a state folder has seen, oldest first: one JSON object a line, written before the reply is sent.</summary>
public sealed class Ledger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _stream;

    internal Ledger(string path)
    {
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        if (_stream.Length > 0)
        {
            // A crash may have torn the last line: what follows must not join it.
            _stream.Seek(-1, SeekOrigin.End);
            var torn = _stream.ReadByte() != '\n';
            _stream.Seek(0, SeekOrigin.End);
            if (torn)
            {
                _stream.WriteByte((byte)'\n');
            }
        }
    }

    /// <summary>Reads the ledger of a state folder, also while its server runs; a torn line is passed over.</summary>
    /// <param name="stateFolder">The folder that the server was given.</param>
    public static IReadOnlyList<LedgerEntry> Read(string stateFolder)
    {
        var path = Path.Combine(stateFolder, "ledger.jsonl");
        if (!File.Exists(path))
        {
            return [];
        }

        var entries = new List<LedgerEntry>();
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            try
            {
                if (JsonSerializer.Deserialize(line, StateJson.Default.LedgerEntry) is { } entry)
                {
                    entries.Add(entry);
                }
            }
            catch (JsonException)
            {
                // The line that a crash tore.
            }
        }

        return entries;
    }

    public void Dispose() => _stream.Dispose();

    internal void Append(LedgerEntry entry)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, StateJson.Default.LedgerEntry), (byte)'\n'];
        lock (_gate)
        {
            _stream.Write(line);
        }
    }
}
