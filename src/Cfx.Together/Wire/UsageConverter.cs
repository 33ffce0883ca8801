using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cfx.Together.Wire;

/// <summary>Reads a reply's token counts; what is no object counts as not told, since the answer beside it is paid for.</summary>
internal sealed class UsageConverter : JsonConverter<ChatUsage>
{
    public override ChatUsage? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader) is { ValueKind: JsonValueKind.Object } usage ? usage.Deserialize(WireJson.Default.ChatUsage) : null;

    public override void Write(Utf8JsonWriter writer, ChatUsage value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, WireJson.Default.ChatUsage);
}
