namespace Cfx.Core.Artifacts;

/// <summary>A file that appears whole or not at all: written beside its target, flushed to disk, and renamed on commit.</summary>
/// <remarks>Disposing without <see cref="CommitAsync"/> removes what was written and leaves an older file as it was. What a killed
/// process leaves behind ends in <see cref="TemporarySuffix"/> and is overwritten by the next attempt.</remarks>
public sealed class AtomicFile : IAsyncDisposable
{
    /// <summary>Ends the name of an unfinished file.</summary>
    public const string TemporarySuffix = ".partial";

    private readonly string _temporaryPath;
    private readonly FileStream _stream;
    private bool _closed;
    private bool _committed;

    private AtomicFile(string path)
    {
        Path = path;
        _temporaryPath = path + TemporarySuffix;
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            // Artifacts hold people's conversations.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _stream = new FileStream(_temporaryPath, options);
        Stream = new AtomicFileStream(_stream, path);
    }

    /// <summary>Where the file will stand after the commit.</summary>
    public string Path { get; }

    /// <summary>Write here, before the commit.</summary>
    /// <remarks>A write that the system refuses is a <see cref="StageFailedException"/>.</remarks>
    public Stream Stream { get; }

    /// <summary>Begins a file; creates its folder when needed, for its owner alone.</summary>
    /// <exception cref="StageFailedException">The folder or file cannot be created.</exception>
    public static AtomicFile Create(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            PrivateFolder.Create(System.IO.Path.GetDirectoryName(full)!);
            return new AtomicFile(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StageFailedException($"Cannot write '{path}': {e.Message}. Check that the folder exists and is yours to write.", e);
        }
    }

    /// <summary>Writes a whole file of text, UTF-8 without a byte order mark.</summary>
    public static Task WriteTextAsync(string path, string text, CancellationToken cancellationToken) =>
        WriteBytesAsync(path, System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>Writes a whole file.</summary>
    public static async Task WriteBytesAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await using var file = Create(path);
        await file.Stream.WriteAsync(bytes, cancellationToken);
        await file.CommitAsync(cancellationToken);
    }

    /// <summary>Flushes what was written to disk and puts it in the target's place.</summary>
    /// <exception cref="StageFailedException">The disk is full, or the target cannot be replaced.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stream.FlushAsync(cancellationToken);
            _stream.Flush(flushToDisk: true);
            await CloseAsync();
            DurableWrites.Log.Before(DurableWrites.FileKind, Path);
            File.Move(_temporaryPath, Path, overwrite: true);
            _committed = true;
            DurableWrites.Log.After(DurableWrites.FileKind, Path);
        }
        catch (Exception e) when (AtomicFileStream.IsRefusal(e))
        {
            throw AtomicFileStream.Refused(Path, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync();
        }
        catch (Exception e) when (AtomicFileStream.IsRefusal(e))
        {
            // What could not be written is thrown away; whoever wrote it has heard why.
        }
        finally
        {
            if (!_committed)
            {
                File.Delete(_temporaryPath);
            }
        }
    }

    private async ValueTask CloseAsync()
    {
        if (!_closed)
        {
            _closed = true;
            await _stream.DisposeAsync();
        }
    }
}
