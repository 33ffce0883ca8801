using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Http;

namespace Cfx.Sandbox.Serving;

/// <summary>Lists of the second version: a page at a time, with a cursor to the next.</summary>
internal static class Pages
{
    private const int UsualSize = 20;
    private const int LargestSize = 100;

    /// <param name="call">Says which page: <c>limit</c>, and <c>after</c> (or <c>cursor</c>) with the last page's <c>next_cursor</c>.</param>
    /// <param name="items">All of them.</param>
    public static Reply Of(ApiCall call, IReadOnlyList<JsonObject> items)
    {
        var size = int.TryParse(call.Query("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Clamp(limit, 1, LargestSize) : UsualSize;
        var first = 0;
        if ((call.Query("after") ?? call.Query("cursor")) is { } cursor && !int.TryParse(cursor.TrimStart('c'), NumberStyles.None, CultureInfo.InvariantCulture, out first))
        {
            throw ApiException.BadField("after", "The cursor is none that was given.");
        }

        var next = first + size;
        return Reply.Json(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. items.Skip(first).Take(size)]),
            ["next_cursor"] = next < items.Count ? FormattableString.Invariant($"c{next}") : null,
        });
    }
}
