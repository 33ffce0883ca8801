using System.Runtime.CompilerServices;

namespace Cfx.Core.Conversations;

/// <summary>Reads records from a JSON array or a JSONL file, told apart by content, one at a time: memory holds one record, whatever the
/// file's size.</summary>
public static class ConversationReader
{
    /// <summary>Reads a file in its order. A file that holds nothing gives no record.</summary>
    /// <param name="path">UTF-8, with or without a byte order mark.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Each record, or why it cannot be read: in JSONL a line that is not JSON, in both a value that is not an object.</returns>
    /// <exception cref="MisuseException">There is no such file, it cannot be opened, it is not UTF-8 text, or its JSON array is
    /// broken; the message says where.</exception>
    public static async IAsyncEnumerable<ReadRecord> ReadAsync(
        string path,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = Open(path);
        var window = new ByteWindow(stream, path);
        while (window.Available.Length < 3 && await window.FillAsync(cancellationToken))
        {
        }

        RefuseOtherFormats(window);
        if (window.Available.StartsWith("\uFEFF"u8))
        {
            window.AdvanceInvisibly(3);
        }

        var first = await window.SkipWhiteSpaceAsync(cancellationToken);
        if (first < 0)
        {
            yield break;
        }

        var records = first == '['
            ? JsonArrayRecords.ReadAsync(window, cancellationToken)
            : JsonLinesRecords.ReadAsync(window, cancellationToken);
        await foreach (var record in records)
        {
            yield return record;
        }
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new MisuseException($"'{path}' is a folder; name a JSON or JSONL file of conversations.");
        }

        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Mode = FileMode.Open,
                Share = FileShare.Read,
                // The window is the buffer.
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MisuseException($"There is no file '{path}'. Name a JSON or JSONL file of conversations.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"Cannot read '{path}': {e.Message}", e);
        }
    }

    private static void RefuseOtherFormats(ByteWindow window)
    {
        var bytes = window.Available;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw new MisuseException($"'{window.File}' is UTF-16 text; save it as UTF-8.");
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || bytes.StartsWith("PK"u8))
        {
            throw new MisuseException($"'{window.File}' is compressed; unpack it first.");
        }
    }
}
