using System.Runtime.CompilerServices;

namespace Cfx.Together.Batch;

/// <summary>The lines of a stream with their places in it; nothing but the current one is held.</summary>
internal static class ByteLines
{
    /// <summary>Lines without their line feed, empty ones left out.</summary>
    public static async IAsyncEnumerable<(long Offset, ReadOnlyMemory<byte> Line)> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        long start = 0;
        var held = 0;
        while (true)
        {
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(held), cancellationToken);
            var from = 0;
            var searched = held;
            held += read;
            int end;
            while ((end = Array.IndexOf(buffer, (byte)'\n', searched, held - searched)) >= 0)
            {
                if (end > from)
                {
                    yield return (start + from, buffer.AsMemory(from, end - from));
                }

                from = searched = end + 1;
            }

            if (read == 0)
            {
                if (held > from)
                {
                    yield return (start + from, buffer.AsMemory(from, held - from));
                }

                yield break;
            }

            buffer.AsSpan(from, held - from).CopyTo(buffer);
            start += from;
            held -= from;
        }
    }
}
