using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using RestEase;

namespace Cfx.Together.Wire.Serving;

/// <summary>Writes request bodies with one API's generated JSON code.</summary>
internal sealed class ContextRequestSerializer(JsonSerializerContext context) : RequestBodySerializer
{
    public override HttpContent? SerializeBody<T>(T body, RequestBodySerializerInfo info)
    {
        if (body is null)
        {
            return null;
        }

        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, context.GetTypeInfo(typeof(T))!));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
