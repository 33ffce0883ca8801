using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>One line of split.jsonl.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="ConversationId">Its conversation.</param>
/// <param name="ContextHash">The hash of its judged context.</param>
/// <param name="Group">The group it was drawn with, 16 hex digits.</param>
/// <param name="Side">What it is used for.</param>
/// <param name="Absent">True when the item is not in use now; the line keeps its side for when it comes back.</param>
public sealed record SplitLine(string ItemId, string ConversationId, string ContextHash, string Group, SplitSide Side, bool Absent)
{
    private const string AbsentField = "absent";

    /// <summary>Reads the lines of a split.</summary>
    /// <exception cref="MisuseException">There is no such file.</exception>
    /// <exception cref="StageFailedException">A line is not one of a split.</exception>
    public static async IAsyncEnumerable<SplitLine> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in ConversationReader.ReadAsync(path, cancellationToken))
        {
            yield return (record.Value is { } json ? FromJson(json) : null) ?? throw new StageFailedException(
                $"{record.Position} is not an assignment of a split. Restore the file, or draw anew.");
        }
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            [RecordFields.ItemId] = ItemId,
            [RecordFields.ConversationId] = ConversationId,
            ["context_hash"] = ContextHash,
            ["group"] = Group,
            ["side"] = SplitSides.ToText(Side),
        };
        if (Absent)
        {
            json[AbsentField] = true;
        }

        return json;
    }

    private static SplitLine? FromJson(JsonObject json) =>
        RecordFields.Text(json, RecordFields.ItemId) is { } item
        && RecordFields.Text(json, RecordFields.ConversationId) is { } conversation
        && RecordFields.Text(json, "context_hash") is { } hash
        && RecordFields.Text(json, "group") is { } group
        && SplitSides.Parse(RecordFields.Text(json, "side")) is { } side
            ? new SplitLine(item, conversation, hash, group, side, json[AbsentField]?.GetValueKind() == JsonValueKind.True)
            : null;
}
