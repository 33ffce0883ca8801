using System.Globalization;

namespace Cfx.Core.Conversations;

/// <summary>Where a record stands in its file.</summary>
/// <param name="File">The path as it was given.</param>
/// <param name="Line">The line the record begins on; the first is 1.</param>
/// <param name="Index">The record's place in a JSON array, from 0; null in a JSONL file.</param>
public sealed record RecordPosition(string File, long Line, long? Index)
{
    /// <summary>The place in words, for messages.</summary>
    public override string ToString() => Index is { } index
        ? string.Create(CultureInfo.InvariantCulture, $"{File}, record [{index}] (line {Line})")
        : string.Create(CultureInfo.InvariantCulture, $"{File}, line {Line}");
}
