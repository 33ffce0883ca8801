namespace Cfx.Core.Conversations;

/// <summary>Says which side an item is on. Holds a few bytes an item.</summary>
public sealed class SplitReader
{
    private readonly Dictionary<UInt128, SplitSide> _sides = [];

    private SplitReader()
    {
    }

    /// <summary>How many items have a side.</summary>
    public int Count => _sides.Count;

    /// <summary>Reads split.jsonl.</summary>
    /// <exception cref="MisuseException">There is no such file.</exception>
    /// <exception cref="StageFailedException">A line is not one of a split.</exception>
    public static async Task<SplitReader> LoadAsync(string path, CancellationToken cancellationToken)
    {
        var split = new SplitReader();
        await foreach (var line in SplitLine.ReadAsync(path, cancellationToken))
        {
            if (!line.Absent)
            {
                split._sides[ContentKey.Of(line.ItemId)] = line.Side;
            }
        }

        return split;
    }

    /// <returns>Null when the item has no side: it was left out, or is not of this split.</returns>
    public SplitSide? SideOf(string itemId) => _sides.TryGetValue(ContentKey.Of(itemId), out var side) ? side : null;

    public int CountOf(SplitSide side) => _sides.Values.Count(value => value == side);
}
