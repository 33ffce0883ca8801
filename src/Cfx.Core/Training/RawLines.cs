using System.Runtime.CompilerServices;

namespace Cfx.Core.Training;

/// <summary>Reads a file line by line without loading it whole; a line is as long as it is.</summary>
internal static class RawLines
{
    /// <param name="stream">Read from its beginning.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async IAsyncEnumerable<RawLine> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        var filled = 0;
        var number = 0;
        var start = 0L;
        var searched = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            filled += read;
            var from = 0;
            int end;
            while ((end = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n')) >= 0)
            {
                end += searched;
                yield return Line(buffer.AsSpan(from, end - from), ++number, start);
                start += end + 1 - from;
                from = end + 1;
                searched = from;
            }

            if (read == 0)
            {
                if (filled > from)
                {
                    yield return Line(buffer.AsSpan(from, filled - from), ++number, start);
                }

                yield break;
            }

            buffer.AsSpan(from, filled - from).CopyTo(buffer);
            filled -= from;
            searched = filled;
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    public static FileStream Open(string path, string remedy)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read,
                BufferSize = 1,
                Options = FileOptions.Asynchronous,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"Cannot read '{path}': {e.Message} {remedy}", e);
        }
    }

    private static RawLine Line(ReadOnlySpan<byte> bytes, int number, long offset)
    {
        if (bytes is [.., (byte)'\r'])
        {
            bytes = bytes[..^1];
        }

        // Copied, since the buffer is used again while the caller may still hold the line.
        return new RawLine(number, offset, bytes.ToArray());
    }
}
