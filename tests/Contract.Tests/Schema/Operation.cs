using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Schema;

/// <summary>One operation of the API.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">With its braces, without the version.</param>
/// <param name="Description">What the specification says of it.</param>
/// <param name="IsSpecified">False when only the supplement knows it.</param>
internal sealed record Operation(string Method, string Path, JsonObject Description, bool IsSpecified)
{
    private readonly string[] _segments = Path.Split('/');

    public string Name => $"{Method} {Path}";

    public int Braces => _segments.Count(IsVariable);

    /// <param name="method">Upper case.</param>
    /// <param name="path">Without the version and the query.</param>
    public bool Matches(string method, string path)
    {
        var segments = path.Split('/');
        return string.Equals(method, Method, StringComparison.Ordinal)
            && segments.Length == _segments.Length
            && _segments.Zip(segments).All(pair => IsVariable(pair.First) ? pair.Second.Length > 0 : string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
    }

    /// <summary>The schema of a request's body; null when the operation takes no such body.</summary>
    public JsonNode? RequestSchema(string mediaType) => Description["requestBody"]?["content"]?[mediaType]?["schema"];

    /// <summary>The schema of an answer's body; null when none is described for the status and media type.</summary>
    public JsonNode? ResponseSchema(string status, string mediaType) => Description["responses"]?[status]?["content"]?[mediaType]?["schema"];

    /// <summary>Whether an answer with the status is described, with a body or without.</summary>
    public bool Describes(string status) => Description["responses"]?[status] is not null;

    /// <summary>The query as the schema of one object.</summary>
    public JsonObject QuerySchema()
    {
        var parameters = (Description["parameters"] as JsonArray ?? []).Where(p => p!["in"]!.GetValue<string>() is "query").ToList();
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. parameters.Where(p => p!["required"]?.GetValue<bool>() is true).Select(p => p!["name"]!.DeepClone())]),
            ["properties"] = new JsonObject(parameters.Select(p =>
            {
                var schema = p!["schema"]!.DeepClone();
                if (p["deprecated"] is { } deprecated)
                {
                    schema["deprecated"] = deprecated.DeepClone();
                }

                return KeyValuePair.Create(p["name"]!.GetValue<string>(), (JsonNode?)schema);
            })),
            ["additionalProperties"] = false,
        };
    }

    private static bool IsVariable(string segment) => segment.StartsWith('{');
}
