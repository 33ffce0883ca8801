using System.Runtime.CompilerServices;
using System.Text.Json;
using Cfx.Core.Conversations;

namespace Cfx.Core.Training;

/// <summary>Streams the records of a JSON array or a JSONL file, told apart by the first character.</summary>
internal static class JsonRecords
{
    /// <returns>Each record with the place to name it by.</returns>
    /// <exception cref="MisuseException">The file cannot be read or is not JSON.</exception>
    public static async IAsyncEnumerable<(string Place, JsonElement Record)> ReadAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = RawLines.Open(path, "Give the file that Process wrote.");
        var start = await SkipByteOrderMarkAsync(stream, cancellationToken);
        var isArray = await FirstCharacterAsync(stream, cancellationToken) == '[';
        stream.Position = start;
        var records = isArray ? ArrayAsync(stream, path, cancellationToken) : LinesAsync(stream, start, path, cancellationToken);
        await foreach (var record in records)
        {
            yield return record;
        }
    }

    private static async IAsyncEnumerable<(string Place, JsonElement Record)> ArrayAsync(
        FileStream stream, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = 0;
        await using var nodes = JsonSerializer
            .DeserializeAsyncEnumerable(stream, TrainingJson.Default.JsonNode, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            JsonElement element;
            try
            {
                if (!await nodes.MoveNextAsync())
                {
                    yield break;
                }

                element = nodes.Current is { } node ? JsonElement.Parse(node.ToJsonString()) : default;
            }
            catch (JsonException e)
            {
                throw new MisuseException(
                    FormattableString.Invariant($"{path}, line {(e.LineNumber ?? 0) + 1}, column {(e.BytePositionInLine ?? 0) + 1}: not valid JSON, in record {index + 1} or after it: {RecordParser.Explain(e)} Mend the file."), e);
            }

            yield return ($"record {++index}", element);
        }
    }

    private static async IAsyncEnumerable<(string Place, JsonElement Record)> LinesAsync(
        FileStream stream, long start, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in RawLines.ReadAsync(stream, start, cancellationToken))
        {
            if (line.IsBlank)
            {
                continue;
            }

            JsonElement element;
            try
            {
                element = JsonElement.Parse(line.Bytes.Span);
            }
            catch (JsonException e)
            {
                throw new MisuseException($"{path}:{line.Number}: not a JSON object: {RecordParser.Explain(e)} Mend the line.", e);
            }

            yield return ($"line {line.Number}", element);
        }
    }

    private static async Task<long> SkipByteOrderMarkAsync(FileStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[3];
        var read = await stream.ReadAtLeastAsync(head, 3, throwOnEndOfStream: false, cancellationToken);
        stream.Position = read == 3 && head is [0xEF, 0xBB, 0xBF] ? 3 : 0;
        return stream.Position;
    }

    private static async Task<char> FirstCharacterAsync(FileStream stream, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellationToken) == 1)
        {
            if (one[0] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return (char)one[0];
            }
        }

        return '\0';
    }
}
