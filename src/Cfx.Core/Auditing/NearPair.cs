using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Auditing;

/// <summary>A test context that nearly repeats one that was trained on.</summary>
/// <param name="ItemId">The test item.</param>
/// <param name="Similarity">Jaccard similarity of the two texts' runs of characters, 0 to 1; null when not told.</param>
/// <param name="Place">The training file and where in it.</param>
/// <param name="TestText">The test context's last message, at most some hundred characters of it.</param>
/// <param name="TrainingText">The same of the training context.</param>
public sealed record NearPair(string ItemId, double? Similarity, string Place, string TestText, string TrainingText)
{
    /// <summary>As leakage.json and analysis.json hold it.</summary>
    public JsonObject ToJson() => new()
    {
        [RecordFields.ItemId] = ItemId,
        ["similarity"] = Similarity,
        ["place"] = Place,
        ["test_text"] = TestText,
        ["training_text"] = TrainingText,
    };

    internal static NearPair Of(JsonObject json) => new(
        RecordFields.Text(json, RecordFields.ItemId) ?? string.Empty,
        json["similarity"] is JsonValue value && value.TryGetValue<double>(out var similarity) ? similarity : null,
        RecordFields.Text(json, "place") ?? string.Empty,
        RecordFields.Text(json, "test_text") ?? string.Empty,
        RecordFields.Text(json, "training_text") ?? string.Empty);
}
