using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;

namespace Cfx.Core.Evaluation;

/// <summary>Makes the improved and the original answers of one processed file into two files of answers, which can then be judged against each
/// other.</summary>
public static class ImprovedAgainstOriginal
{
    /// <summary>The contestants' names.</summary>
    public const string Improved = "improved";

    public const string Original = "original";

    /// <summary>Writes the records that were improved, in file order. Records that were not have no second answer and are passed over.</summary>
    /// <param name="records">As processing wrote them, or the original scripts.</param>
    /// <param name="maxRecords">The first so many usable ones; null for all.</param>
    /// <param name="improvedPath">The file of improved answers to write.</param>
    /// <param name="originalPath">And of original ones.</param>
    /// <param name="skip">Told the conversation id (or null) and why, for each record that says it was improved and cannot be used.</param>
    /// <param name="cancellationToken">Stops; files that are not whole do not appear.</param>
    /// <returns>How many pairs, and who wrote the improved answers.</returns>
    public static async Task<ImprovedPairs> WriteAsync(
        IAsyncEnumerable<JsonObject> records, int? maxRecords, string improvedPath, string originalPath, Action<string?, string> skip, CancellationToken cancellationToken)
    {
        var names = new ItemIds();
        SortedSet<string> generators = new(StringComparer.Ordinal), providers = new(StringComparer.Ordinal);
        await using var improved = ConversationWriter.Create(improvedPath);
        await using var original = ConversationWriter.Create(originalPath);
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            if (improved.Count >= (maxRecords ?? int.MaxValue))
            {
                break;
            }

            if (record["improved"] is not JsonValue flag || flag.GetValueKind() != System.Text.Json.JsonValueKind.True)
            {
                continue;
            }

            if (Take(record, names) is not var (context, answer, before))
            {
                skip(
                    RecordFields.Text(record, RecordFields.ConversationId),
                    "an improved record needs an id, whole messages that end with the answer, and the original_assistant_response");
                continue;
            }

            var method = RecordFields.Text(record, "generation_method") ?? Improved;
            Add(generators, RecordFields.Text(record, RecordFields.GeneratorModel));
            Add(providers, RecordFields.Text(record, RecordFields.GeneratorProvider));
            await improved.WriteAsync(Answer(context, method, answer).ToJson(), cancellationToken);
            await original.WriteAsync(Answer(context, Original, before).ToJson(), cancellationToken);
        }

        await improved.CommitAsync(cancellationToken);
        await original.CommitAsync(cancellationToken);
        return new ImprovedPairs((int)improved.Count, [.. generators], [.. providers]);
    }

    private static void Add(SortedSet<string> names, string? name)
    {
        if (!string.IsNullOrWhiteSpace(name))
        {
            names.Add(name);
        }
    }

    private static (TestContext Context, string Answer, string Before)? Take(JsonObject record, ItemIds names)
    {
        if (!RecordFields.TryId(record, out var id, out _) || !RecordFields.TryMessages(record, out var messages, out _)
            || RecordFields.Text(record, "original_assistant_response") is not { } before || string.IsNullOrWhiteSpace(before)
            || messages is not [.., { Role: Roles.User }, { Role: Roles.Assistant } answer] || string.IsNullOrWhiteSpace(answer.Content))
        {
            return null;
        }

        var context = new TestContext(names.Next(id), id, RecordFields.Text(record, RecordFields.Category), [.. messages.SkipLast(1)]);
        return (context, answer.Content, before);
    }

    private static ResponseRecord Answer(TestContext context, string model, string text) =>
        new(context, model, text, ChatCall.Complete, "stop", null, null, null, null);
}
