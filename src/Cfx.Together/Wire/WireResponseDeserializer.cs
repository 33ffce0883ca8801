using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RestEase;

namespace Cfx.Together.Wire;

/// <summary>Reads response bodies with the generated JSON code, after taking out the key should a server repeat it.</summary>
internal sealed class WireResponseDeserializer(TogetherOptions options) : ResponseDeserializer
{
    public override T Deserialize<T>(string? content, HttpResponseMessage response, ResponseDeserializerInfo info)
    {
        var text = options.Redact(content ?? "");
        var type = (JsonTypeInfo<T>)WireJson.Default.GetTypeInfo(typeof(T))!;
        return JsonSerializer.Deserialize(text, type) is { } value ? value : throw new JsonException("the body is null");
    }
}
