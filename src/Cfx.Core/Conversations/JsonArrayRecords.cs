using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Cfx.Core.Conversations;

/// <summary>The elements of a JSON array, one at a time.</summary>
internal static class JsonArrayRecords
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = RecordParser.MaxDepth };

    /// <param name="window">Begins at the opening bracket.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MisuseException">The array is broken.</exception>
    public static async IAsyncEnumerable<ReadRecord> ReadAsync(
        ByteWindow window,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        window.Advance(1);
        var next = await window.SkipWhiteSpaceAsync(cancellationToken);
        for (var index = 0L; next != ']' || index > 0; index++)
        {
            int length;
            while (!TryMeasure(window, out length))
            {
                await window.FillAsync(cancellationToken);
            }

            var record = RecordParser.Parse(window.Available[..length], new RecordPosition(window.File, window.Line, index));
            window.Advance(length);
            yield return record;

            next = await window.SkipWhiteSpaceAsync(cancellationToken);
            if (next == ']')
            {
                break;
            }

            if (next != ',')
            {
                throw Broken(window, 0, next < 0 ? "the file ends before the array is closed by ']'" : "',' or ']' expected after a record");
            }

            window.Advance(1);
            await window.SkipWhiteSpaceAsync(cancellationToken);
        }

        window.Advance(1);
        if (await window.SkipWhiteSpaceAsync(cancellationToken) >= 0)
        {
            throw Broken(window, 0, "text after the array's closing ']'");
        }
    }

    /// <summary>Finds the end of the value that the window begins with.</summary>
    /// <returns>False when more bytes are needed.</returns>
    private static bool TryMeasure(ByteWindow window, out int length)
    {
        var bytes = window.Available;
        length = 0;
        if (bytes.IsEmpty && window.AtEnd)
        {
            throw Broken(window, 0, "the file ends before the array is closed by ']'");
        }

        var reader = new Utf8JsonReader(bytes, window.AtEnd, new JsonReaderState(Options));
        try
        {
            if (!reader.Read() || !reader.TrySkip())
            {
                return false;
            }
        }
        catch (JsonException e)
        {
            throw Broken(window, Offset(bytes, e), RecordParser.Explain(e));
        }

        length = (int)reader.BytesConsumed;
        return true;
    }

    private static int Offset(ReadOnlySpan<byte> bytes, JsonException e)
    {
        var offset = 0;
        for (var line = e.LineNumber ?? 0; line > 0; line--)
        {
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(bytes.Length, offset + (e.BytePositionInLine ?? 0));
    }

    private static MisuseException Broken(ByteWindow window, int offset, string why)
    {
        var before = window.Available[..offset];
        var lastBreak = before.LastIndexOf((byte)'\n');
        var line = window.Line + before.Count((byte)'\n');
        var column = (lastBreak < 0 ? window.Column : 0) + Encoding.UTF8.GetCharCount(before[(lastBreak + 1)..]) + 1;
        return new MisuseException(
            $"{window.File}, line {line}, column {column}: not valid JSON: {why.TrimEnd('.')}. Nothing after this place can be trusted; mend it there, " +
            "or write one record a line (JSONL), where only the bad line is left out.");
    }
}
