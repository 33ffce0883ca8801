using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core;
using Cfx.Core.Spending;

namespace Cfx.Together.Prices;

/// <summary>Reads a file of prices, the user's or the project's. docs/cost.md describes it.</summary>
public static class PriceFile
{
    private static readonly string[] Known =
    [
        "model", "input", "output", "batch_input", "batch_output", "training_lora", "training_full", "training_minimum", "serving_per_minute", "source", "date", "note",
    ];

    /// <exception cref="MisuseException">The file is missing or broken; names the entry and the field.</exception>
    public static IReadOnlyList<ModelPrice> Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"The file of prices '{path}' cannot be read: {e.Message}", e);
        }

        return Parse(text, path);
    }

    /// <param name="text">The file's content.</param>
    /// <param name="path">Its name, for messages and as the source of entries that name none.</param>
    /// <exception cref="MisuseException">It is broken; names the entry and the field.</exception>
    public static IReadOnlyList<ModelPrice> Parse(string text, string path)
    {
        try
        {
            var root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var models = (root as JsonObject)?["models"] as JsonArray ?? throw new FormatException("it must be an object with a list \"models\"");
            return [.. models.Select((entry, i) => Entry(entry as JsonObject, i + 1, path))];
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new MisuseException($"The file of prices '{path}' is not in order: {e.Message.TrimEnd('.')}. See docs/cost.md for its form.", e);
        }
    }

    private static ModelPrice Entry(JsonObject? entry, int number, string path)
    {
        var model = entry?["model"] is JsonValue name && name.TryGetValue<string>(out var text) && text.Length > 0
            ? text
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"entry {number} of \"models\" has no \"model\""));
        if (entry.Select(p => p.Key).FirstOrDefault(k => !Known.Contains(k, StringComparer.Ordinal)) is { } unknown)
        {
            throw new FormatException($"\"{unknown}\" of {model} is not a field; known are {string.Join(", ", Known)}");
        }

        var (lora, full) = (Number(entry, model, "training_lora"), Number(entry, model, "training_full"));
        return new ModelPrice(model, (string?)entry["source"] ?? Path.GetFileName(path))
        {
            Date = Date(entry, model),
            Chat = Pair(entry, model, "input", "output"),
            Batch = Pair(entry, model, "batch_input", "batch_output"),
            Training = lora is null && full is null ? null : new TrainingPrice(lora, full, Number(entry, model, "training_minimum") ?? 0),
            ServingUsdPerMinute = Number(entry, model, "serving_per_minute"),
        };
    }

    private static TokenPrice? Pair(JsonObject entry, string model, string input, string output) => (Number(entry, model, input), Number(entry, model, output)) switch
    {
        ({ } i, { } o) => new TokenPrice(i, o),
        (null, null) => null,
        _ => throw new FormatException($"{model} has only one of \"{input}\" and \"{output}\""),
    };

    private static decimal? Number(JsonObject entry, string model, string name) => entry[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<decimal>(out var number) && number is >= 0 and < 1_000_000 => number,
        _ => throw new FormatException($"\"{name}\" of {model} is not a number of US dollars, 0 or more"),
    };

    private static DateOnly? Date(JsonObject entry, string model) => (string?)entry["date"] is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new FormatException($"\"date\" of {model} is not a date such as 2026-01-24");
}
