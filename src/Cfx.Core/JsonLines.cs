using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core;

/// <summary>Reads the project's own JSONL files: one object a line, UTF-8.</summary>
public static class JsonLines
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The file's objects one after another; empty lines are passed over and nothing but the current line is held.</summary>
    /// <param name="path">A file that a stage of this project wrote.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MisuseException">The file is missing, or a line is not a JSON object; names file and line.</exception>
    public static async IAsyncEnumerable<JsonObject> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new MisuseException($"{path}: no such file; run the target that makes it, or correct the path.");
        }

        using var reader = new StreamReader(path, Encoding.UTF8);
        for (var number = 1L; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Parse(line, path, number);
            }
        }
    }

    /// <summary>The string under <paramref name="name"/>.</summary>
    /// <exception cref="MisuseException">It is missing or not a string; names the file.</exception>
    public static string Text(JsonObject record, string name, string path) =>
        OptionalText(record, name)
        ?? throw new MisuseException($"{path}: a record has no text \"{name}\": {Shorten(record)}; run the target that makes the file again.");

    /// <summary>The string under <paramref name="name"/>; null when it is missing, null or not a string.</summary>
    public static string? OptionalText(JsonObject record, string name) =>
        record[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject Parse(string line, string path, long number)
    {
        try
        {
            if (JsonNode.Parse(line, documentOptions: Strict) is JsonObject record)
            {
                return record;
            }
        }
        catch (JsonException e)
        {
            throw new MisuseException($"{path}, line {number}: not JSON ({e.Message.Split('\n')[0]}); mend the line or make the file again.", e);
        }

        throw new MisuseException($"{path}, line {number}: not a JSON object; mend the line or make the file again.");
    }

    private static string Shorten(JsonObject record)
    {
        var text = record.ToJsonString();
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
    }
}
