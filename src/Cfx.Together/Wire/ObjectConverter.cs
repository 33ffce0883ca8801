using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Cfx.Together.Wire;

/// <summary>Reads an optional part of a reply; what is no object, or one that cannot be read, counts as not told, since the rest counts without it.</summary>
internal abstract class ObjectConverter<T> : JsonConverter<T>
    where T : class
{
    /// <summary>How the object itself is read and written.</summary>
    protected abstract JsonTypeInfo<T> Form { get; }

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        try
        {
            return element.ValueKind == JsonValueKind.Object ? element.Deserialize(Form) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, Form);
}
