using System.Text.Json.Nodes;
using Cfx.Core.Redaction;

namespace Cfx.Core.Conversations;

/// <summary>What the filter knows while it reads.</summary>
internal sealed class FilterCounts
{
    private readonly Dictionary<UInt128, FeedbackCategory> _seen = [];
    private readonly Dictionary<FeedbackCategory, long> _kept = [];
    private readonly Dictionary<FeedbackCategory, long> _leftOut = [];
    private readonly Dictionary<string, long> _rejected = new(StringComparer.Ordinal);

    public FilterCounts()
    {
        foreach (var category in Enum.GetValues<FeedbackCategory>())
        {
            (FilterStage.IsUsed(category) ? _kept : _leftOut)[category] = 0;
        }
    }

    public long Read { get; set; }

    public long Duplicates { get; set; }

    public long WithoutCategory { get; private set; }

    public bool AnyCategory { get; private set; }

    /// <summary>Replacements; null without rules.</summary>
    public RedactionCounts? Redacted { get; init; }

    /// <summary>Ids that a redaction rule would strike; they are kept, since they group items.</summary>
    public long TellingIds { get; set; }

    public ItemIds ItemIds { get; } = new();

    public RejectedRecord? FirstRejected { get; private set; }

    /// <summary>The record just judged, when it is kept.</summary>
    public JsonObject? Accepted { get; set; }

    public void SawCategory(bool missing)
    {
        WithoutCategory += missing ? 1 : 0;
        AnyCategory |= !missing;
    }

    public void LeaveOut(FeedbackCategory category) => _leftOut[category]++;

    public void Reject(RejectedRecord record)
    {
        FirstRejected ??= record;
        _rejected[record.Rejection.Code] = _rejected.GetValueOrDefault(record.Rejection.Code) + 1;
    }

    /// <returns>False when the same conversation was kept before, under the earlier category.</returns>
    public bool TryKeep(UInt128 key, FeedbackCategory category, out FeedbackCategory earlier)
    {
        if (_seen.TryGetValue(key, out earlier))
        {
            return false;
        }

        _seen.Add(key, category);
        _kept[category]++;
        return true;
    }

    public FilterSummary ToSummary() => new(Read, _kept, _leftOut, Duplicates, _rejected) { Redacted = Redacted?.ByRule };
}
