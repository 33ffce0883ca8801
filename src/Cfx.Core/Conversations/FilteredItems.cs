using System.Runtime.CompilerServices;

namespace Cfx.Core.Conversations;

/// <summary>Reads items back from a file of the filter, one at a time.</summary>
public static class FilteredItems
{
    /// <summary>All items, in file order.</summary>
    /// <inheritdoc cref="ReadAsync(string, SplitReader?, IReadOnlyCollection{SplitSide}, CancellationToken)"/>
    public static IAsyncEnumerable<FeedbackItem> ReadAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(path, null, [], cancellationToken);

    /// <summary>Items in file order.</summary>
    /// <param name="path">filtered.jsonl, or any file of usable records; those without an "item_id" are named as the filter would.</param>
    /// <param name="split">Where the items' sides are; null for all items.</param>
    /// <param name="sides">Which sides to give; items without a side are never given. Not looked at without a split.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MisuseException">There is no such file, or a record cannot be used; the message names its place and fault.</exception>
    public static async IAsyncEnumerable<FeedbackItem> ReadAsync(
        string path,
        SplitReader? split,
        IReadOnlyCollection<SplitSide> sides,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = new ItemIds();
        await foreach (var read in ConversationReader.ReadAsync(path, cancellationToken))
        {
            var fault = read.Rejected;
            if (read.Value is { } record)
            {
                if (FeedbackItemLocator.TryLocate(record, null, out var item, out var rejection))
                {
                    if (record[RecordFields.ItemId] is null)
                    {
                        item = item with { ItemId = names.Next(item.ConversationId) };
                    }

                    if (split is null || (split.SideOf(item.ItemId) is { } side && sides.Contains(side)))
                    {
                        yield return item;
                    }

                    continue;
                }

                fault = new RejectedRecord(read.Position, null, rejection, record, null);
            }

            throw new MisuseException($"{fault}. Run Filter, which leaves such records out.");
        }
    }
}
