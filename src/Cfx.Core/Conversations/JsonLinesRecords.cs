using System.Runtime.CompilerServices;

namespace Cfx.Core.Conversations;

/// <summary>The lines of a JSONL file, one at a time; blank ones are passed over.</summary>
internal static class JsonLinesRecords
{
    public static async IAsyncEnumerable<ReadRecord> ReadAsync(
        ByteWindow window,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var searched = 0;
            int end;
            while ((end = window.Available[searched..].IndexOf((byte)'\n')) < 0)
            {
                searched = window.Available.Length;
                if (!await window.FillAsync(cancellationToken))
                {
                    break;
                }
            }

            var length = end < 0 ? window.Available.Length : searched + end;
            if (!window.Available[..length].Trim(" \t\r"u8).IsEmpty)
            {
                yield return RecordParser.Parse(
                    window.Available[..length].TrimEnd("\r"u8),
                    new RecordPosition(window.File, window.Line, null));
            }

            if (end < 0)
            {
                yield break;
            }

            window.Advance(length + 1);
        }
    }
}
