using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Evaluation;

/// <summary>Where test contexts come from.</summary>
public static class TestContexts
{
    /// <summary>The contexts of items, each ending before the answer that drew the feedback. Of a conversation, and of contexts that say the
    /// same, only the first counts: two would not be two observations.</summary>
    /// <param name="items">In file order.</param>
    /// <param name="maxContexts">The first so many of those; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<TestContext> FromItemsAsync(
        IAsyncEnumerable<FeedbackItem> items, int? maxContexts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var taken = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            var isFirst = seen.Add("conversation " + item.ConversationId) & seen.Add("context " + ContextHash.Of(item.Context));
            if (!isFirst)
            {
                continue;
            }

            if (taken++ >= (maxContexts ?? int.MaxValue))
            {
                yield break;
            }

            yield return new TestContext(item.ItemId, item.ConversationId, item.Category.ToString(), item.Context);
        }
    }

    /// <summary>The contexts of a file that a user gave. A processed record (one that says whether it was improved) ends before its last
    /// answer; any other before the answer that drew the feedback. Records without a usable context do not count.</summary>
    /// <param name="records">In file order.</param>
    /// <param name="locate">Takes an unprocessed record apart; null for one that cannot be used.</param>
    /// <param name="maxContexts">The first so many usable ones; null for all.</param>
    /// <param name="skip">Told the conversation id (or null) and why, for each record that is passed over.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<TestContext> FromRecordsAsync(
        IAsyncEnumerable<JsonObject> records,
        Func<JsonObject, FeedbackItem?> locate,
        int? maxContexts,
        Action<string?, string> skip,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var taken = 0;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            if (taken >= (maxContexts ?? int.MaxValue))
            {
                yield break;
            }

            var context = record.ContainsKey("improved") ? BeforeLastAnswer(record) : Before(locate(record));
            if (context is null)
            {
                skip(RecordFields.Text(record, RecordFields.ConversationId), "no whole messages with an answer and a user message before it");
                continue;
            }

            taken++;
            var id = context.ItemId;
            while (!used.Add(id))
            {
                var count = counts[context.ItemId] = counts.GetValueOrDefault(context.ItemId, 1) + 1;
                id = $"{context.ItemId}#{count}";
            }

            yield return context with { ItemId = id };
        }
    }

    private static TestContext? Before(FeedbackItem? item) =>
        item is null ? null : new TestContext(item.ItemId, item.ConversationId, item.Category.ToString(), item.Context);

    private static TestContext? BeforeLastAnswer(JsonObject record)
    {
        if (!RecordFields.TryId(record, out var id, out _) || !RecordFields.TryMessages(record, out var messages, out _))
        {
            return null;
        }

        var answer = messages.FindLastIndex(m => m.Role == Roles.Assistant);
        return FeedbackItemLocator.CheckQuestion(messages, answer) is null
            ? new TestContext(RecordFields.Text(record, RecordFields.ItemId) ?? id, id, RecordFields.Text(record, RecordFields.Category), messages[..answer])
            : null;
    }
}
