using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html;

/// <summary>Reads figures from the analysis without trusting its shape, and shows them to people. What is not there is a dash.</summary>
internal static class Figures
{
    public const string None = "–";

    /// <summary>A number at the end of a path of names; null when there is none.</summary>
    public static double? Number(JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    public static string? Text(JsonNode? node, params ReadOnlySpan<string> path) => PageJson.Text(At(node, path));

    public static bool IsTrue(JsonNode? node, params ReadOnlySpan<string> path) => At(node, path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static JsonObject? Object(JsonNode? node, params ReadOnlySpan<string> path) => At(node, path) as JsonObject;

    /// <summary>The items of an array; none when it is no array.</summary>
    public static IReadOnlyList<JsonNode?> Items(JsonNode? node, params ReadOnlySpan<string> path) => At(node, path) is JsonArray array ? [.. array] : [];

    /// <summary>One item of an array; null when there is none.</summary>
    public static JsonNode? Item(JsonNode? node, string name, int index) => At(node, [name]) is JsonArray array && index < array.Count ? array[index] : null;

    /// <summary>An interval written as [lower, upper] or {lower, upper}.</summary>
    public static (double Lower, double Upper)? Range(JsonNode? node, params ReadOnlySpan<string> path)
    {
        var at = At(node, path);
        var (lower, upper) = at is JsonArray { Count: 2 } pair ? (Number(pair[0]), Number(pair[1]))
            : (Number(at, "lower") ?? Number(at, "low"), Number(at, "upper") ?? Number(at, "high"));
        return lower is { } from && upper is { } to ? (from, to) : null;
    }

    public static string Percent(double? share, int digits = 1) =>
        share is { } value ? (value * 100).ToString("F" + digits, CultureInfo.InvariantCulture) + "\u00A0%" : None;

    /// <summary>"52.8 to 63.8 %".</summary>
    public static string Percent((double Lower, double Upper)? range) => range is { } r
        ? string.Create(CultureInfo.InvariantCulture, $"{r.Lower * 100:F1} to {r.Upper * 100:F1}\u00A0%")
        : None;

    public static string Count(double? number) => number is { } value ? value.ToString("#,0", CultureInfo.InvariantCulture) : None;

    public static string Decimal(double? number, string format = "0.000") => number is { } value ? Minus(value.ToString(format, CultureInfo.InvariantCulture)) : None;

    /// <summary>A p-value, never as 0.</summary>
    public static string P(double? p, double? log10 = null) => p is { } value ? PValueText.Format(value, log10) : None;

    /// <summary>"p = 0.016" or "p &lt; 0.0001", in one piece.</summary>
    public static string Equation(string name, double p) =>
        PValueText.Format(p) is var text && text.StartsWith('<') ? $"{name}\u00A0<\u00A0{text[1..]}" : $"{name}\u00A0=\u00A0{text}";

    public static string Signed(double? number, string format) => Decimal(number, $"+{format};-{format};{format}");

    /// <summary>An amount in US dollars; an unknown one is not 0.</summary>
    public static string Usd(double? amount) => amount is { } value
        ? "$" + value.ToString(value is > 0 and < 0.1 ? "0.0000" : "#,0.00", CultureInfo.InvariantCulture)
        : "not known";

    public static string Duration(double? seconds) => seconds switch
    {
        null => None,
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0}\u00A0s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds.Value / 60):0}\u00A0min {seconds % 60:00}\u00A0s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds.Value / 3600):0}\u00A0h {Math.Floor(seconds.Value % 3600 / 60):00}\u00A0min"),
    };

    /// <summary>A field's name as words.</summary>
    public static string Words(string name) => name.Replace('_', ' ');

    /// <summary>Any single value as people read it.</summary>
    public static string Value(JsonNode? node) => node switch
    {
        null => None,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value) ?? None,
        JsonValue value when value.GetValueKind() == JsonValueKind.True => "yes",
        JsonValue value when value.GetValueKind() == JsonValueKind.False => "no",
        JsonValue value => Number(value) is not { } number ? value.ToJsonString()
            : number == Math.Floor(number) && Math.Abs(number) < 1e15 ? Minus(Count(number))
            : Minus(number.ToString(Math.Abs(number) < 0.001 ? "G3" : "0.####", CultureInfo.InvariantCulture)),
        JsonArray { Count: 2 } array when Range(array) is { } range => $"{Value(JsonValue.Create(range.Lower))} to {Value(JsonValue.Create(range.Upper))}",
        JsonArray { Count: 0 } => None,
        JsonArray array => string.Join(", ", array.Select(Value)),
        _ => string.Join("; ", node.AsObject().Select(p => $"{Words(p.Key)} {Value(p.Value)}")),
    };

    /// <summary>Every single value below a node with the names that lead to it as words.</summary>
    public static IEnumerable<(string Name, JsonNode? Value)> Flat(JsonObject node, string prefix = "")
    {
        foreach (var (name, value) in node)
        {
            var words = prefix.Length == 0 ? Words(name) : $"{prefix}: {Words(name)}";
            if (value is JsonObject inner)
            {
                foreach (var found in Flat(inner, words))
                {
                    yield return found;
                }
            }
            else if (value is not JsonArray array || array.All(v => v is not (JsonObject or JsonArray)))
            {
                yield return (words, value);
            }
        }
    }

    private static string Minus(string number) => number.Replace('-', '\u2212');

    private static JsonNode? At(JsonNode? node, ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }
}
