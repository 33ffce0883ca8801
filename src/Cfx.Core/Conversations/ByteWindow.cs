using System.Text;

namespace Cfx.Core.Conversations;

/// <summary>A moving window over a stream's bytes that knows the line and column it begins at. Grows to the longest record.</summary>
internal sealed class ByteWindow(Stream stream, string file)
{
    private const int InitialSize = 1 << 16;

    // A longer record is a file that was not meant for this program; an array cannot be much longer either.
    private const int LargestRecord = 1 << 30;

    private byte[] _buffer = new byte[InitialSize];
    private int _start;
    private int _end;

    /// <summary>The path, for messages.</summary>
    public string File { get; } = file;

    /// <summary>The line of the first available byte, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Characters before the first available byte on its line.</summary>
    public long Column { get; private set; }

    /// <summary>Whether the stream has no more bytes than the available ones.</summary>
    public bool AtEnd { get; private set; }

    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start.._end);

    /// <summary>Reads more bytes behind the available ones.</summary>
    /// <returns>False at the end of the stream.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (AtEnd)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LargestRecord)
            {
                throw new MisuseException($"{File}, line {Line}: a record is longer than 1 GiB. Is this a file of conversations?");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        AtEnd = read == 0;
        return !AtEnd;
    }

    /// <summary>Leaves bytes behind.</summary>
    public void Advance(int count)
    {
        var passed = Available[..count];
        var lastBreak = passed.LastIndexOf((byte)'\n');
        if (lastBreak < 0)
        {
            Column += Encoding.UTF8.GetCharCount(passed);
        }
        else
        {
            Line += passed.Count((byte)'\n');
            Column = Encoding.UTF8.GetCharCount(passed[(lastBreak + 1)..]);
        }

        _start += count;
    }

    /// <summary>Leaves bytes behind that count neither as a line nor as a column: a byte order mark.</summary>
    public void AdvanceInvisibly(int count) => _start += count;

    /// <summary>Leaves JSON's white space behind.</summary>
    /// <returns>The byte that follows, or -1 at the end of the stream.</returns>
    public async ValueTask<int> SkipWhiteSpaceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = Available.IndexOfAnyExcept(" \t\r\n"u8);
            if (length >= 0)
            {
                Advance(length);
                return Available[0];
            }

            Advance(Available.Length);
            if (!await FillAsync(cancellationToken))
            {
                return -1;
            }
        }
    }
}
