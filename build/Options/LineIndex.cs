namespace Cfx.Build.Options;

/// <summary>Turns an offset in a file into the number of its line.</summary>
internal sealed class LineIndex
{
    private readonly List<long> _starts = [0];

    public LineIndex(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n')
            {
                _starts.Add(i + 1);
            }
        }
    }

    /// <summary>The first line is 1.</summary>
    public int LineOf(long offset)
    {
        var found = _starts.BinarySearch(offset);
        return found >= 0 ? found + 1 : ~found;
    }
}
