using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RestEase;

namespace Cfx.Together.Wire.Serving;

/// <summary>Reads response bodies with one API's generated JSON code, after taking out the key should a server repeat it.</summary>
internal sealed class ContextResponseDeserializer(JsonSerializerContext context, TogetherOptions options) : ResponseDeserializer
{
    public override T Deserialize<T>(string? content, HttpResponseMessage response, ResponseDeserializerInfo info)
    {
        var type = (JsonTypeInfo<T>)context.GetTypeInfo(typeof(T))!;
        return JsonSerializer.Deserialize(options.Redact(content ?? ""), type) is { } value ? value : throw new JsonException("the body is null");
    }
}
