using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>A pair as the original scripts wrote it, judged in one order, in the shape of ours.</summary>
internal static class OriginalPair
{
    public static bool IsOne(JsonObject row) => !row.ContainsKey("outcome") && !row.ContainsKey("judgments");

    /// <summary>The same row with an outcome, one judgment by slot, and a context of messages.</summary>
    public static JsonObject AsOurs(JsonObject row, JsonObject? metadata)
    {
        // What was cut within a character is mended for reading the row, and shown as it is.
        using var document = JsonDocument.Parse(ForeignJson.Repaired(row)!.ToJsonString());
        var original = OriginalRow.Read(document.RootElement, metadata);
        var score = original.Score1;

        // The verdict was turned so that A is model1: by slot it is the other one where model2 stood first.
        var order = original.Model1First == false ? "reversed" : "normal";
        var slotA = order == "reversed" ? "B" : "A";
        return new JsonObject
        {
            ["item_id"] = Figures.Value(row["conversation_id"]),
            ["conversation_id"] = Figures.Value(row["conversation_id"]),
            ["category"] = row["category"]?.DeepClone(),
            ["context"] = row["context"] is JsonArray messages ? messages.DeepClone()
                : new JsonArray(new JsonObject { ["role"] = "context", ["content"] = row["context"]?.DeepClone() }),
            ["model1_response"] = row["model1_response"]?.DeepClone(),
            ["model2_response"] = row["model2_response"]?.DeepClone(),
            ["judgments"] = new JsonArray(new JsonObject
            {
                ["order"] = order,
                ["verdict"] = score switch { 1 => slotA, 0 => slotA == "A" ? "B" : "A", null => null, _ => "TIE" },
                ["text"] = row["judgment_text"]?.DeepClone() ?? row["explanation"]?.DeepClone(),
            }),
            ["outcome"] = score switch { 1 => "win", 0 => "loss", null => "incomplete", _ => "tie" },
            ["reason"] = score is null ? row["error"]?.DeepClone() ?? row["status"]?.DeepClone() : null,
        };
    }
}
