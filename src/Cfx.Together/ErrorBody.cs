using System.Text.Json;

namespace Cfx.Together;

/// <summary>Finds the provider's own words in an error's body, which has one of three shapes or is plain text.</summary>
internal static class ErrorBody
{
    private const int MaxLength = 300;

    /// <returns>One line of at most 300 characters; empty when the body says nothing.</returns>
    public static string Words(string? body, TogetherOptions options)
    {
        var words = options.Redact(Find(options.Redact(body ?? "")));
        words = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= MaxLength ? words : words[..MaxLength] + "…";
    }

    /// <summary>Whether the body is an error of the API's making, and not a gateway's page, half a body or nothing.</summary>
    public static bool IsReadable(string? body)
    {
        try
        {
            return JsonElement.Parse(body ?? "") is { ValueKind: JsonValueKind.Object } root
                && (root.TryGetProperty("error", out _) || root.TryGetProperty("message", out _) || root.TryGetProperty("detail", out _));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Find(string body)
    {
        try
        {
            var root = JsonElement.Parse(body);
            if (root.ValueKind != JsonValueKind.Object)
            {
                return body;
            }

            if (root.TryGetProperty("error", out var error))
            {
                return error.ValueKind switch
                {
                    JsonValueKind.String => error.GetString()!,
                    JsonValueKind.Object when Text(error, "message") is { } message => message,
                    _ => error.GetRawText(),
                };
            }

            return Text(root, "message") ?? Text(root, "detail") ?? body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Plain text, HTML of a proxy, or half a body.
            return body;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
