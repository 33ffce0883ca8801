using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Reporting;

/// <summary>Who judged, as an evaluation file's metadata tells it: ours in an object, others' by the name alone.</summary>
internal static class EvaluationJudge
{
    private const string Field = "judge";

    /// <summary>The judge's name; null when it is not told.</summary>
    public static string? Name(JsonObject metadata) => metadata[Field] is JsonObject judge
        ? RecordFields.Text(judge, "model")
        : RecordFields.Text(metadata, Field) ?? RecordFields.Text(metadata, "judge_model");

    /// <summary>The temperature as it was written; null when it is not told.</summary>
    public static string? Temperature(JsonObject metadata) => metadata[Field] is JsonObject judge ? RecordFields.Text(judge, "temperature") : null;

    /// <summary>The judges of a panel; none where one judge was asked.</summary>
    public static IReadOnlyList<string> Panel(JsonObject metadata) => metadata["judges"] is JsonArray judges
        ? [.. judges.OfType<JsonObject>().Select(j => RecordFields.Text(j, "model")).OfType<string>()]
        : [];
}
