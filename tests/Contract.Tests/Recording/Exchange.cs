using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Cfx.Contract.Tests.Recording;

/// <summary>A request and its answer, as they went over the wire. The target is path and query, as sent.</summary>
internal sealed record Exchange(
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> RequestHeaders,
    byte[] RequestBody,
    int Status,
    IReadOnlyDictionary<string, string> ResponseHeaders,
    byte[] ResponseBody)
{
    private const string Version = "/v1";

    /// <summary>Whether the product's client sent it, and not a test by hand.</summary>
    public bool IsFromClient => RequestHeaders.TryGetValue("User-Agent", out var agent) && agent.StartsWith("cfx/", StringComparison.Ordinal);

    public bool IsVersioned => Target.StartsWith(Version + "/", StringComparison.Ordinal);

    /// <summary>Whether the server has no such route.</summary>
    public bool IsUnserved => Status == 404 && ResponseText.Contains("\"unknown_route\"", StringComparison.Ordinal);

    /// <summary>Without the version and the query.</summary>
    public string Path => Target.Split('?')[0] is var path && IsVersioned ? path[Version.Length..] : path;

    public string RequestType => MediaType(RequestHeaders);

    public string ResponseType => MediaType(ResponseHeaders);

    public string RequestText => Encoding.UTF8.GetString(RequestBody);

    public string ResponseText => Encoding.UTF8.GetString(ResponseBody);

    public JsonNode ResponseJson => JsonNode.Parse(ResponseBody)!;

    /// <summary>The query as an object; numbers and truth values are read as such.</summary>
    public JsonObject Query()
    {
        var query = Target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? Target[at..] : "";
        return new JsonObject(QueryHelpers.ParseQuery(query).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Value(p.Value.ToString()))));
    }

    /// <summary>The body as JSON: itself, or a form's fields as an object.</summary>
    public async Task<JsonNode?> RequestJsonAsync()
    {
        switch (RequestType)
        {
            case "application/x-www-form-urlencoded":
                return Object(QueryHelpers.ParseQuery(RequestText).Select(p => (p.Key, p.Value.ToString())));
            case "multipart/form-data":
                var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(RequestHeaders["Content-Type"]).Boundary).Value!;
                var reader = new MultipartReader(boundary, new MemoryStream(RequestBody));
                var parts = new List<(string Name, string Value)>();
                while (await reader.ReadNextSectionAsync() is { } section)
                {
                    parts.Add((HeaderUtilities.RemoveQuotes(section.GetContentDispositionHeader()!.Name).Value!, await section.ReadAsStringAsync()));
                }

                return Object(parts);
            default:
                return JsonNode.Parse(RequestBody);
        }
    }

    public override string ToString() => $"{Method} {Target} -> {Status}";

    private static JsonObject Object(IEnumerable<(string Name, string Value)> fields) =>
        new(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)JsonValue.Create(f.Value))));

    private static JsonValue Value(string text) =>
        bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
        : long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : JsonValue.Create(text);

    private static string MediaType(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue("Content-Type", out var type) && MediaTypeHeaderValue.TryParse(type, out var parsed) ? parsed.MediaType.Value! : "";
}
