using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Redaction;

namespace Cfx.Core.Artifacts;

/// <summary>Remembers each record of an input by a short digest of every field, so that a later run can say which record and field
/// changed, old → new, without keeping the input.</summary>
/// <remarks>Stands beside the artifact as JSONL: <c>{"input", "record", "fields": {path: digest}}</c>. A digest is the field's value when it is short, else
/// its beginning and eight digits of its hash.</remarks>
internal static class RecordIndex
{
    /// <summary>A longer input is explained by its hash alone.</summary>
    public const int MaxRecords = 200_000;

    private const long LargestArray = 64 << 20;
    private const int ShortValue = 48;
    private static readonly string[] IdFields = ["item_id", "conversation_id", "id"];

    public static string PathFor(string artifact) => artifact + ".records.jsonl";

    /// <summary>Digests of one record's fields by path, message contents one by one.</summary>
    public static SortedDictionary<string, string> FieldsOf(JsonElement record, Redactor redactor)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(string.Empty, record);
        return fields;

        void Add(string path, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var property in value.EnumerateObject())
                    {
                        Add(path.Length == 0 ? property.Name : path + "." + property.Name, property.Value);
                    }

                    break;
                case JsonValueKind.Array:
                    var i = 0;
                    foreach (var element in value.EnumerateArray())
                    {
                        Add(string.Create(CultureInfo.InvariantCulture, $"{path}[{i++}]"), element);
                    }

                    break;
                default:
                    fields[path] = Digest(value.ValueKind == JsonValueKind.String ? redactor.Apply(value.GetString()!) : value.GetRawText());
                    break;
            }
        }
    }

    /// <summary>The records of a JSON array or JSONL file with a key that is unique in it; stops after <see cref="MaxRecords"/>, and at
    /// the first text that is not JSON.</summary>
    public static IEnumerable<(string Key, SortedDictionary<string, string> Fields)> Read(string path, Redactor redactor)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var record in Records(path).Take(MaxRecords))
        {
            using (record)
            {
                var id = IdFields
                    .Select(f => record.RootElement.ValueKind == JsonValueKind.Object && record.RootElement.TryGetProperty(f, out var v) ? v.ToString() : null)
                    .FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? "record";
                var count = seen[id] = seen.GetValueOrDefault(id) + 1;
                var key = count == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id} (no. {count})");
                yield return (key, FieldsOf(record.RootElement, redactor));
            }
        }
    }

    public static async Task WriteAsync(string artifact, IEnumerable<(string Name, string Path)> inputs, Redactor redactor, CancellationToken cancellationToken)
    {
        await using var file = AtomicFile.Create(PathFor(artifact));
        foreach (var (name, path) in inputs)
        {
            foreach (var (key, fields) in Read(path, redactor))
            {
                var line = new JsonObject
                {
                    ["input"] = name,
                    ["record"] = key,
                    ["fields"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)JsonValue.Create(f.Value)))),
                };
                await file.Stream.WriteAsync(JsonText.Line(line), cancellationToken);
            }
        }

        await file.CommitAsync(cancellationToken);
    }

    /// <summary>Says what changed in one input since the index was written; empty when every record is as it was, null when the index cannot
    /// tell: it is missing or broken, or one of the two inputs was too long for it.</summary>
    public static async Task<IReadOnlyList<string>?> ExplainAsync(
        string artifact, string name, string path, Redactor redactor, int most, CancellationToken cancellationToken)
    {
        if (!File.Exists(path) || await TryLoadAsync(PathFor(artifact), name, cancellationToken) is not { Count: > 0 and < MaxRecords } old)
        {
            return null;
        }

        var changes = new List<string>();
        int changed = 0, added = 0, read = 0;
        foreach (var (key, fields) in Read(path, redactor))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++read == MaxRecords)
            {
                return null;
            }

            if (!old.Remove(key, out var before))
            {
                added++;
                Say($"record {key} is new");
                continue;
            }

            var difference = Differences(before, fields).ToList();
            if (difference.Count > 0)
            {
                changed++;
                Say($"record {key}: {string.Join("; ", difference.Take(2))}{(difference.Count > 2 ? $"; and {difference.Count - 2} more fields" : string.Empty)}");
            }
        }

        if (read == 0)
        {
            return null;
        }

        foreach (var key in old.Keys)
        {
            Say($"record {key} is gone");
        }

        var total = changed + added + old.Count;
        if (total > changes.Count)
        {
            changes.Add($"and {total - changes.Count} more records (in all {changed} changed, {added} new, {old.Count} gone)");
        }

        return changes;

        void Say(string what)
        {
            if (changes.Count < most)
            {
                changes.Add(what);
            }
        }
    }

    /// <summary>What the index remembers of one input, by record; null when it cannot be read.</summary>
    private static async Task<Dictionary<string, JsonObject>?> TryLoadAsync(string index, string name, CancellationToken cancellationToken)
    {
        if (!File.Exists(index))
        {
            return null;
        }

        var records = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        await foreach (var line in File.ReadLinesAsync(index, cancellationToken))
        {
            if (TryParseLine(line) is not { } json)
            {
                return null;
            }

            if (RecordFields.Text(json, "input") == name)
            {
                if (RecordFields.Text(json, "record") is not { } record || json["fields"] is not JsonObject fields)
                {
                    return null;
                }

                records[record] = fields;
            }
        }

        return records;
    }

    private static JsonObject? TryParseLine(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Differences(JsonObject before, SortedDictionary<string, string> now)
    {
        foreach (var (field, value) in now)
        {
            var old = RecordFields.Text(before, field);
            if (old is null)
            {
                yield return $"{field} is new ({value})";
            }
            else if (!string.Equals(old, value, StringComparison.Ordinal))
            {
                yield return $"{field} '{old}' → '{value}'";
            }
        }

        foreach (var (field, _) in before)
        {
            if (!now.ContainsKey(field))
            {
                yield return $"{field} is gone";
            }
        }
    }

    private static IEnumerable<JsonDocument> Records(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        using var reader = new StreamReader(stream);
        int first;
        while ((first = reader.Peek()) >= 0 && char.IsWhiteSpace((char)first))
        {
            _ = reader.Read();
        }

        foreach (var record in first == '[' ? ArrayElements(reader, stream.Length) : Lines(reader))
        {
            yield return record;
        }
    }

    private static IEnumerable<JsonDocument> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (TryParse(line) is { } document)
            {
                yield return document;
            }
        }
    }

    // An array has to be parsed as one text here, so a large one is explained by its hash alone.
    private static IEnumerable<JsonDocument> ArrayElements(StreamReader reader, long bytes)
    {
        if (bytes > LargestArray)
        {
            yield break;
        }

        using var array = TryParse(reader.ReadToEnd());
        if (array?.RootElement.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var element in array.RootElement.EnumerateArray())
        {
            yield return JsonDocument.Parse(element.GetRawText());
        }
    }

    private static JsonDocument? TryParse(string text)
    {
        try
        {
            // Filter accepts text with halves of surrogate pairs, so they must be readable here too.
            return string.IsNullOrWhiteSpace(text) ? null : JsonDocument.Parse(JsonTextRepair.Repair(Encoding.UTF8.GetBytes(text)).ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Digest(string value)
    {
        if (value.Length <= ShortValue)
        {
            return value;
        }

        var cut = char.IsHighSurrogate(value[ShortValue - 9]) ? ShortValue - 8 : ShortValue - 9;
        return $"{value[..cut]}…#{ContentHash.OfText(value)[..8]}";
    }
}
