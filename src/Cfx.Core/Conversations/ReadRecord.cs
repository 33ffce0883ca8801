using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>One record of a file: either a JSON object or the reason why it is none.</summary>
public sealed class ReadRecord
{
    internal ReadRecord(RecordPosition position, JsonObject value)
    {
        Position = position;
        Value = value;
    }

    internal ReadRecord(RejectedRecord rejected)
    {
        Position = rejected.Position;
        Rejected = rejected;
    }

    public RecordPosition Position { get; }

    /// <summary>The record, every field included; null when it was rejected. The caller's to keep or change.</summary>
    public JsonObject? Value { get; }

    /// <summary>Why there is no value; null when there is one.</summary>
    public RejectedRecord? Rejected { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Rejected))]
    public bool IsValid => Value is not null;
}
