using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>What became of every record that the filter read; the parts add up to <paramref name="Read"/>.</summary>
/// <param name="Read">Records read, readable or not.</param>
/// <param name="Kept">Records kept, by category (UR2, UR3, UR5).</param>
/// <param name="LeftOut">Records of a category that the study does not use (UR1, UR4), by category.</param>
/// <param name="Duplicates">Records dropped because the same conversation with the same messages was kept before.</param>
/// <param name="Rejected">Unusable records by <see cref="RejectionCode"/>.</param>
public sealed record FilterSummary(
    long Read,
    IReadOnlyDictionary<FeedbackCategory, long> Kept,
    IReadOnlyDictionary<FeedbackCategory, long> LeftOut,
    long Duplicates,
    IReadOnlyDictionary<string, long> Rejected)
{
    /// <summary>How often each redaction rule struck, in all records read; null without rules.</summary>
    public IReadOnlyDictionary<string, long>? Redacted { get; init; }

    public long KeptTotal => Kept.Values.Sum();

    public long LeftOutTotal => LeftOut.Values.Sum();

    public long RejectedTotal => Rejected.Values.Sum();

    /// <summary>The content of filter.json.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["read"] = Read,
            ["kept"] = ByCategory(Kept, KeptTotal),
            ["left_out"] = ByCategory(LeftOut, LeftOutTotal),
            ["duplicates"] = Duplicates,
            ["rejected"] = Counts(Rejected.OrderBy(pair => pair.Key, StringComparer.Ordinal), RejectedTotal),
        };
        if (Redacted is { } redacted)
        {
            json["redacted"] = Counts(redacted, redacted.Values.Sum());
        }

        return json;
    }

    private static JsonObject ByCategory(IReadOnlyDictionary<FeedbackCategory, long> counts, long total) =>
        Counts(counts.OrderBy(pair => pair.Key).Select(pair => KeyValuePair.Create(pair.Key.ToString(), pair.Value)), total);

    private static JsonObject Counts(IEnumerable<KeyValuePair<string, long>> counts, long total)
    {
        var json = new JsonObject { ["total"] = total };
        foreach (var (name, count) in counts)
        {
            json[name] = count;
        }

        return json;
    }
}
