using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Reporting;

/// <summary>A row as the original scripts wrote it: each pair judged in one order, the verdict already turned so that A is model1.</summary>
/// <param name="ConversationId">The conversation; empty when the row has none.</param>
/// <param name="Model1First">Whether model1 stood in slot A; null when the row does not tell.</param>
/// <param name="Score1">Model1's score: 1, 1/2 or 0; null when there is no verdict.</param>
/// <param name="Shape">Sizes.</param>
public sealed record OriginalRow(string ConversationId, bool? Model1First, double? Score1, PairShape Shape)
{
    private static readonly string[] NoVerdict = ["error", "failed", "failure", "skipped", "invalid"];

    /// <summary>The same pair with the models' names exchanged.</summary>
    public OriginalRow Exchanged() => this with { Model1First = !Model1First, Score1 = 1 - Score1, Shape = Shape.Exchanged() };

    /// <summary>Our own rows have an outcome of both orders; these have one judgment.</summary>
    internal static bool IsOne(JsonElement row) =>
        row.ValueKind == JsonValueKind.Object && !row.TryGetProperty("outcome", out _) && !row.TryGetProperty("judgments", out _)
        && (row.TryGetProperty("judgment", out _) || row.TryGetProperty("winner", out _) || row.TryGetProperty("status", out _));

    internal static OriginalRow Read(JsonElement row, JsonObject? metadata)
    {
        var hasNone = Text(row, "status") is { } status && NoVerdict.Contains(status, StringComparer.OrdinalIgnoreCase);
        return new OriginalRow(
            Text(row, RecordFields.ConversationId) ?? string.Empty,
            Text(row, "order") switch
            {
                null or "" => null,
                var order => order.Equals("normal", StringComparison.OrdinalIgnoreCase),
            },
            hasNone ? null : Score(Text(row, "judgment")) ?? Score(Text(row, "winner"), Name(metadata, "model1"), Name(metadata, "model2")),
            PairShape.Of(row));
    }

    /// <summary>A model's name in metadata; null when it does not tell.</summary>
    internal static string? Name(JsonObject? metadata, string model) =>
        metadata is null ? null
        : metadata[model] is JsonObject inner ? RecordFields.Text(inner, "name")
        : RecordFields.Text(metadata, model) ?? RecordFields.Text(metadata, model + "_name");

    /// <summary>The names of both models: as metadata tell them, else, of rows of the original scripts, as the file's name does; null when neither does.</summary>
    internal static (string Model1, string Model2)? Names(JsonObject? metadata, string path, bool isOriginal) =>
        (Name(metadata, "model1"), Name(metadata, "model2")) is ({ } model1, { } model2) ? (model1, model2)
        : isOriginal && Path.GetFileNameWithoutExtension(path).Split("_vs_") is [{ Length: > 0 } first, { Length: > 0 } second] ? (first, second)
        : null;

    private static double? Score(string? judgment) => judgment?.Trim().ToUpperInvariant() switch
    {
        "A" or "[[A]]" => 1,
        "B" or "[[B]]" => 0,
        "TIE" or "[[TIE]]" => 0.5,
        _ => null,
    };

    private static double? Score(string? winner, string? model1, string? model2) =>
        winner is null ? null
        : winner.Equals("model1", StringComparison.OrdinalIgnoreCase) || winner == model1 ? 1
        : winner.Equals("model2", StringComparison.OrdinalIgnoreCase) || winner == model2 ? 0
        : winner.Equals("tie", StringComparison.OrdinalIgnoreCase) ? 0.5
        : Score(winner);

    // Ids may be numbers.
    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;
}
