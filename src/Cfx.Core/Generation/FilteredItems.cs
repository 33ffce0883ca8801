using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Generation;

/// <summary>Reads filtered.jsonl as items.</summary>
public static class FilteredItems
{
    /// <summary>The items in file order, each under the id that the filter gave it.</summary>
    /// <param name="path">A file that the filter wrote.</param>
    /// <param name="locate">Takes a record apart.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MisuseException">The file is missing or broken; names file and line.</exception>
    public static async IAsyncEnumerable<FeedbackItem> ReadAsync(
        string path, Func<JsonObject, FeedbackItem> locate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in JsonLines.ReadAsync(path, cancellationToken))
        {
            yield return locate(record) with { ItemId = JsonLines.Text(record, "item_id", path) };
        }
    }
}
