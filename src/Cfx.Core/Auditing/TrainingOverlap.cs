using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Auditing;

/// <summary>Which contexts of any file stand in training files, for comparisons outside the study's own test side.</summary>
public static class TrainingOverlap
{
    /// <summary>Compares whole texts (roles and normalised messages before the answer). Memory grows with the contexts, not with training.</summary>
    /// <param name="contexts">Those that are to be answered.</param>
    /// <param name="trainingPaths">Training and validation files, examples and preference pairs alike.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>How many contexts there are, and the item ids of those that were found, in file order.</returns>
    /// <exception cref="MisuseException">A line of a training file cannot be read; names it.</exception>
    public static async Task<(int Contexts, IReadOnlyList<string> Found)> FindAsync(
        IAsyncEnumerable<TestContext> contexts, IReadOnlyList<string> trainingPaths, CancellationToken cancellationToken)
    {
        var known = new List<(string ItemId, string Hash)>();
        await foreach (var context in contexts.WithCancellation(cancellationToken))
        {
            known.Add((context.ItemId, ContextHash.Of(context.Context)));
        }

        HashSet<string> wanted = new(known.Select(k => k.Hash), StringComparer.Ordinal), seen = new(StringComparer.Ordinal);
        foreach (var path in trainingPaths)
        {
            await foreach (var (place, line) in JsonLines.ReadAsync(path, cancellationToken))
            {
                if (ContextHash.Of(Context(line, place)) is var hash && wanted.Contains(hash))
                {
                    seen.Add(hash);
                }
            }
        }

        return (known.Count, [.. known.Where(k => seen.Contains(k.Hash)).Select(k => k.ItemId)]);
    }

    /// <summary>What comes before the answer, in an example and in a preference pair.</summary>
    internal static IReadOnlyList<Message> Context(JsonObject line, string place) => line["input"] is JsonObject input
        ? ContextJson.Read(input, "messages", place)
        : [.. ContextJson.Read(line, "messages", place).SkipLast(1)];
}
