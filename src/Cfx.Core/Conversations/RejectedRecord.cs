using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>A record that was left out because it cannot be used, with all that is needed to mend it.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Id">Its conversation id, where it has one.</param>
/// <param name="Rejection">What is wrong.</param>
/// <param name="Record">The record itself, when it is JSON.</param>
/// <param name="RawText">Its text, when it is not.</param>
public sealed record RejectedRecord(RecordPosition Position, string? Id, Rejection Rejection, JsonNode? Record, string? RawText)
{
    /// <summary>The line of a .rejected.jsonl file.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["file"] = Position.File };
        if (Position.Index is { } index)
        {
            json["index"] = index;
        }

        json["line"] = Position.Line;
        json["id"] = Id;
        json["code"] = Rejection.Code;
        json["field"] = Rejection.Field;
        json["reason"] = Rejection.Reason;
        json["record"] = Record is null ? RawText : Record.DeepClone();
        return json;
    }

    /// <summary>Place, field and reason in one line.</summary>
    public override string ToString() =>
        Rejection.Field.Length == 0 ? $"{Position}: {Rejection.Reason}" : $"{Position}, {Rejection.Field}: {Rejection.Reason}";
}
