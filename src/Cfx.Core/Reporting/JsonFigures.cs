using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>Numbers as analysis.json writes them: what is undefined is null, never 0 or NaN.</summary>
internal static class JsonFigures
{
    public static JsonArray? Of(Interval? interval) => interval is null ? null : new JsonArray(Of(interval.Lower), Of(interval.Upper));

    public static JsonNode? Of(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
