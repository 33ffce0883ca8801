using System.Net.Http.Headers;
using System.Text.Json;
using RestEase;

namespace Cfx.Together.Wire;

/// <summary>Writes request bodies with the generated JSON code.</summary>
internal sealed class WireRequestSerializer : RequestBodySerializer
{
    public override HttpContent? SerializeBody<T>(T body, RequestBodySerializerInfo info)
    {
        if (body is null)
        {
            return null;
        }

        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Default.GetTypeInfo(typeof(T))!));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
