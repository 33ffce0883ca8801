using System.Text.Json.Nodes;

namespace Cfx.Core.Conversations;

/// <summary>How the items were divided.</summary>
/// <param name="Seed">What the draw was seeded by.</param>
/// <param name="TestShare">The share of groups asked for, for testing.</param>
/// <param name="TrainSplit">The share of the remaining groups asked for, for training.</param>
/// <param name="Items">Items with a side, by side.</param>
/// <param name="Groups">Groups that those items form, by side.</param>
/// <param name="Added">Items that got a side in this run.</param>
/// <param name="LeftOut">Items left out because they would join groups of two sides.</param>
/// <param name="Absent">Assignments kept for items that are not in use now, so that they find their side when they come back.</param>
/// <param name="Hash">64 hex digits; equal exactly when the same items have the same sides.</param>
public sealed record SplitSummary(
    long Seed,
    double TestShare,
    double TrainSplit,
    IReadOnlyDictionary<SplitSide, long> Items,
    IReadOnlyDictionary<SplitSide, long> Groups,
    long Added,
    long LeftOut,
    long Absent,
    string Hash)
{
    /// <summary>The content of split.json. What differs between a first and a repeated run (<see cref="Added"/>) is not in it.</summary>
    public JsonObject ToJson() => new()
    {
        ["seed"] = Seed,
        ["test_share"] = TestShare,
        ["train_split"] = TrainSplit,
        ["items"] = BySide(Items),
        ["groups"] = BySide(Groups),
        ["left_out"] = LeftOut,
        ["absent"] = Absent,
        ["hash"] = Hash,
    };

    private static JsonObject BySide(IReadOnlyDictionary<SplitSide, long> counts)
    {
        var json = new JsonObject { ["total"] = counts.Values.Sum() };
        foreach (var (side, count) in counts.OrderBy(pair => pair.Key))
        {
            json[SplitSides.ToText(side)] = count;
        }

        return json;
    }
}
