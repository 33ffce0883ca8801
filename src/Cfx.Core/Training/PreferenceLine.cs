using System.Buffers;
using System.Text.Json;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;

namespace Cfx.Core.Training;

/// <summary>Writes a preference pair as one line of JSON.</summary>
public static class PreferenceLine
{
    /// <param name="context">What both answers reply to.</param>
    /// <param name="preferred">The better answer.</param>
    /// <param name="nonPreferred">The one that the user disliked.</param>
    /// <returns>UTF-8 without a line end.</returns>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Message> context, string preferred, string nonPreferred)
    {
        ArgumentNullException.ThrowIfNull(context);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonText.CompactOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("input"u8);
            Messages(writer, "messages", context);
            writer.WriteEndObject();
            Messages(writer, "preferred_output", [new Message(Roles.Assistant, preferred)]);
            Messages(writer, "non_preferred_output", [new Message(Roles.Assistant, nonPreferred)]);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Messages(Utf8JsonWriter writer, string name, IReadOnlyList<Message> messages)
    {
        writer.WriteStartArray(name);
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, message.Role);
            writer.WriteString("content"u8, message.Content);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
