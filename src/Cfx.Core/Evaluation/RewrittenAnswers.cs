using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;

namespace Cfx.Core.Evaluation;

/// <summary>Makes two methods' rewrites of the same items into two files of answers, which can then be judged against each other.</summary>
public static class RewrittenAnswers
{
    /// <summary>Writes the items that both methods improved, in the first file's order.</summary>
    /// <param name="processed1">One method's processed conversations, as JSONL.</param>
    /// <param name="processed2">The other's.</param>
    /// <param name="model">The model that rewrote.</param>
    /// <param name="answers1">The file of answers to write for the first.</param>
    /// <param name="answers2">And for the second.</param>
    /// <param name="cancellationToken">Stops; files that are not whole do not appear.</param>
    /// <returns>How many pairs.</returns>
    /// <exception cref="MisuseException">A file is missing or broken.</exception>
    public static async Task<int> WriteAsync(
        string processed1, string processed2, string model, string answers1, string answers2, CancellationToken cancellationToken)
    {
        var others = new Dictionary<string, ResponseRecord>(StringComparer.Ordinal);
        await foreach (var other in ReadAsync(processed2, model, cancellationToken))
        {
            others[other.Context.ItemId] = other;
        }

        await using var first = ConversationWriter.Create(answers1);
        await using var second = ConversationWriter.Create(answers2);
        await foreach (var answer in ReadAsync(processed1, model, cancellationToken))
        {
            if (others.TryGetValue(answer.Context.ItemId, out var other))
            {
                await first.WriteAsync(answer.ToJson(), cancellationToken);
                await second.WriteAsync(other.ToJson(), cancellationToken);
            }
        }

        await first.CommitAsync(cancellationToken);
        await second.CommitAsync(cancellationToken);
        return (int)first.Count;
    }

    private static async IAsyncEnumerable<ResponseRecord> ReadAsync(
        string path, string model, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (place, record) in JsonLines.ReadAsync(path, cancellationToken))
        {
            if (RecordFields.Text(record, "status") != ImprovementStatus.Improved)
            {
                continue;
            }

            if (!RecordFields.TryMessages(record, out var messages, out _) || messages.Count < 2)
            {
                throw RecordFields.Lacks(place, RecordFields.Context, "list of messages");
            }

            var context = new TestContext(
                RecordFields.Text(record, RecordFields.ItemId, place),
                RecordFields.Text(record, RecordFields.ConversationId, place),
                RecordFields.Text(record, RecordFields.Category),
                [.. messages.Take(messages.Count - 1)]);
            yield return new ResponseRecord(context, model, messages[^1].Content, ChatCall.Complete, "stop", null, null, null, null);
        }
    }
}
