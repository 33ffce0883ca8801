using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Verification;

/// <summary>Compares documents of figures. Numbers that are not whole may differ in their last digits: logarithms and the like are not the same
/// to the last bit on every machine, nor in every version of a formula.</summary>
public static class JsonFiguresComparison
{
    private const double Tolerance = 1e-9;

    /// <summary>Same names in any order, same texts and whole numbers, other numbers to nine digits.</summary>
    public static bool AreSame(JsonNode? one, JsonNode? other) => (one, other) switch
    {
        (null, null) => true,
        (JsonObject a, JsonObject b) => a.Count == b.Count && a.All(p => b.TryGetPropertyValue(p.Key, out var value) && AreSame(p.Value, value)),
        (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(p => AreSame(p.First, p.Second)),
        (JsonValue a, JsonValue b) when a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number => Near(a, b),
        _ => JsonNode.DeepEquals(one, other),
    };

    private static bool Near(JsonValue a, JsonValue b)
    {
        if (JsonNode.DeepEquals(a, b))
        {
            return true;
        }

        var (x, y) = (Number(a), Number(b));
        return (x != Math.Floor(x) || y != Math.Floor(y)) && Math.Abs(x - y) <= Tolerance * Math.Max(Math.Abs(x), Math.Abs(y));
    }

    // A value that was made in memory keeps the type it was made with.
    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
