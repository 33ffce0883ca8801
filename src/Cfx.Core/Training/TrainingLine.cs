using System.Buffers;
using System.Text.Json;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Training;

/// <summary>Writes a training example as one line of JSON.</summary>
public static class TrainingLine
{
    /// <returns>UTF-8 without a line end; weights are the tokens 0 and 1.</returns>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<TrainingMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonText.CompactOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("messages"u8);
            foreach (var message in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role"u8, message.Role);
                writer.WriteString("content"u8, message.Content);
                writer.WriteNumber("weight"u8, message.Weight);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
