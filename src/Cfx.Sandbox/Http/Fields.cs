using System.Text.Json;

namespace Cfx.Sandbox.Http;

/// <summary>Reads the fields of a request; null counts as absent, unknown fields are ignored.</summary>
internal static class Fields
{
    /// <exception cref="ApiException">400: absent, empty or not a string.</exception>
    public static string RequiredText(this JsonElement body, string name) =>
        body.Text(name) is { Length: > 0 } text ? text : throw ApiException.Missing(name);

    /// <exception cref="ApiException">400: not a string.</exception>
    public static string? Text(this JsonElement body, string name) => body.Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw ApiException.BadField(name, $"The field '{name}' must be a string."),
    };

    /// <exception cref="ApiException">400: not a number within the bounds.</exception>
    public static double? Number(this JsonElement body, string name, double minimum, double maximum)
    {
        if (body.Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= minimum && number <= maximum
            ? number
            : throw ApiException.BadField(name, FormattableString.Invariant($"The field '{name}' must be a number from {minimum} to {maximum}."));
    }

    /// <exception cref="ApiException">400: not a whole number within the bounds.</exception>
    public static long? Integer(this JsonElement body, string name, long minimum, long maximum)
    {
        if (body.Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= minimum && number <= maximum
            ? number
            : throw ApiException.BadField(name, FormattableString.Invariant($"The field '{name}' must be a whole number from {minimum} to {maximum}."));
    }

    /// <exception cref="ApiException">400: neither true nor false.</exception>
    public static bool? Flag(this JsonElement body, string name) => body.Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw ApiException.BadField(name, $"The field '{name}' must be true or false."),
    };

    /// <exception cref="ApiException">400: not an object.</exception>
    public static JsonElement? Section(this JsonElement body, string name) => body.Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => value,
        _ => throw ApiException.BadField(name, $"The field '{name}' must be an object."),
    };

    public static JsonElement? Find(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
