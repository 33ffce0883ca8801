using System.Globalization;
using Cfx.Core;
using Cfx.Core.Artifacts;

namespace Cfx.Together.Batch;

/// <summary>A file of calls that is being written.</summary>
internal sealed class BatchDraft : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly List<string> _ids = [];
    private bool _kept;

    public BatchDraft(string path, string model, string? identity)
    {
        _path = path;
        Model = model;
        Identity = identity;
        _stream = BatchFolder.Open(path, FileOptions.None);
    }

    public string Model { get; }

    public string? Identity { get; }

    public int Count => _ids.Count;

    public long Bytes { get; private set; }

    /// <summary>The most that all calls together can cost; null when that is not known of one of them.</summary>
    public decimal? MostUsd { get; private set; } = 0;

    /// <summary>SHA-256 of the ids, whatever the order of the calls.</summary>
    public string Fingerprint => ContentHash.OfText("cfx-batch 1\n" + string.Join('\n', _ids.Order(StringComparer.Ordinal)) + "\n");

    public async Task AddAsync(string id, byte[] line, decimal? mostUsd, CancellationToken cancellationToken)
    {
        await WriteAsync(line, cancellationToken);
        _ids.Add(id);
        Bytes += line.Length + 1;
        MostUsd += mostUsd;
    }

    /// <summary>Puts the file, whole and on disk, in its place.</summary>
    /// <exception cref="StageFailedException">The disk is full.</exception>
    public async Task KeepAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.FlushAsync(cancellationToken);
            _stream.Flush(flushToDisk: true);
            await _stream.DisposeAsync();
            File.Move(_path, path, overwrite: true);
            _kept = true;
        }
        catch (IOException e)
        {
            throw Unwritable(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_kept)
        {
            try
            {
                await _stream.DisposeAsync();
            }
            catch (IOException)
            {
                // A full disk has been told already.
            }

            File.Delete(_path);
        }
    }

    private async Task WriteAsync(byte[] line, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(line, cancellationToken);
            await _stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
        catch (IOException e)
        {
            throw Unwritable(e);
        }
    }

    private StageFailedException Unwritable(IOException e) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Cannot write '{_path}': {e.Message} Make room and run again."), e);
}
