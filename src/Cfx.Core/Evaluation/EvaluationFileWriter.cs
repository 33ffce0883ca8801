using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Evaluation;

/// <summary>Writes an evaluation file whose figures, known only after the rows, stand before them. Rows wait in a temporary file, so memory does not grow
/// with them.</summary>
internal sealed class EvaluationFileWriter : IAsyncDisposable
{
    private readonly AtomicFile _file;
    private readonly FileStream _rows;
    private readonly JsonRecordWriter _writer;

    private EvaluationFileWriter(AtomicFile file, FileStream rows)
    {
        _file = file;
        _rows = rows;
        _writer = new JsonRecordWriter(rows, asArray: true);
    }

    /// <summary>Rows so far.</summary>
    internal long Count => _writer.Count;

    internal static EvaluationFileWriter Create(string path)
    {
        var file = AtomicFile.Create(path);
        return new EvaluationFileWriter(file, OpenRows(path));
    }

    internal ValueTask WriteAsync(JsonObject row, CancellationToken cancellationToken) => new(_writer.WriteAsync(row, cancellationToken));

    /// <summary>Puts the file together and in place.</summary>
    internal async Task CommitAsync(JsonObject head, CancellationToken cancellationToken)
    {
        await _writer.CompleteAsync(cancellationToken);
        var text = JsonText.Indented(head).AsMemory();
        // The head ends in "\n}\n": the rows go in before the brace.
        await _file.Stream.WriteAsync(text[..^3], cancellationToken);
        await _file.Stream.WriteAsync(",\n  \"evaluations\": "u8.ToArray(), cancellationToken);
        await _rows.FlushAsync(cancellationToken);
        _rows.Position = 0;
        await _rows.CopyToAsync(_file.Stream, cancellationToken);
        await _file.Stream.WriteAsync("}\n"u8.ToArray(), cancellationToken);
        await _file.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _rows.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static FileStream OpenRows(string outputPath)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            // Rows hold people's conversations.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream($"{outputPath}.rows{AtomicFile.TemporarySuffix}", options);
    }
}
