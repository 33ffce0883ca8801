using System.Text.Json;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Makes every arm's training and validation files from the processed conversations.</summary>
/// <remarks>An item enters when every rewriting method can use it, so that arms differ in the answers alone: the same items, in the order of
/// the split, stand in every arm's files.</remarks>
public sealed class PrepareStage(ILogger logger)
{
    private const string Train = "train";
    private const string Validation = "validation";

    /// <returns>The counts that were also written to prepare.json.</returns>
    /// <exception cref="MisuseException">An input is missing or malformed.</exception>
    /// <exception cref="StageFailedException">No item could be used by every method.</exception>
    public async Task<PrepareSummary> RunAsync(PrepareOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var sides = await ReadSidesAsync(options.ItemsPath, cancellationToken);
        var indexes = new List<ProcessedIndex>();
        var arms = new List<ArmWriter>();
        PairWriter? pairs = null;
        try
        {
            foreach (var method in options.RewritingMethods)
            {
                indexes.Add(await ProcessedIndex.OpenAsync(method, options.ProcessedPath(method), options.MaxContextTurns, cancellationToken));
                arms.Add(new ArmWriter(method, options));
            }

            var positive = options.PositiveOnly ? new ArmWriter(PrepareOptions.PositiveOnlyMethod, options) : null;
            if (positive is not null)
            {
                arms.Add(positive);
            }

            pairs = options.PreferenceMethods.Count > 0 ? new PairWriter(options) : null;
            arms.AddRange(pairs?.Arms ?? []);
            await using var leftOutFile = AtomicFile.Create(options.LeftOutPath);
            var leftOut = new LeftOutWriter(leftOutFile.Stream);
            var (notProcessed, leftOutItems, included, aboveMaximum) = (0, 0, 0, 0);
            foreach (var (itemId, side) in sides)
            {
                var entries = indexes.ConvertAll(i => i.Find(itemId));
                if (entries.TrueForAll(e => e is null))
                {
                    notProcessed++;
                }
                else if (await LeaveOutAsync(itemId, side, indexes, entries, leftOut, cancellationToken))
                {
                    leftOutItems++;
                }
                else if (included >= (options.MaxConversations ?? int.MaxValue))
                {
                    aboveMaximum++;
                }
                else
                {
                    included++;
                    await IncludeAsync(side, indexes, entries, arms, positive, options.MaxContextTurns, cancellationToken);
                    if (pairs is not null)
                    {
                        await pairs.AddAsync(itemId, side, side is Validation, indexes, entries, leftOut, cancellationToken);
                    }
                }
            }

            var summary = new PrepareSummary(
                sides.Values.Count(side => side is Train),
                sides.Values.Count(side => side is Validation),
                notProcessed,
                leftOutItems,
                aboveMaximum,
                leftOut.Counts,
                indexes.Sum(i => i.ItemIds.Count(id => !sides.ContainsKey(id))),
                arms.ToDictionary(a => a.Method, a => a.Counts, StringComparer.Ordinal),
                options.MaxContextTurns);
            await leftOutFile.CommitAsync(cancellationToken);
            RequireExamples(arms, leftOut, options);
            foreach (var arm in arms)
            {
                await arm.CommitAsync(cancellationToken);
            }

            await AtomicFile.WriteTextAsync(
                options.SummaryPath, JsonSerializer.Serialize(summary, TrainingJson.Default.PrepareSummary) + "\n", cancellationToken);
            Report(summary, leftOut);
            return summary;
        }
        finally
        {
            foreach (var disposable in indexes.Cast<IAsyncDisposable>().Concat(arms))
            {
                await disposable.DisposeAsync();
            }
        }
    }

    private static async Task<bool> LeaveOutAsync(
        string itemId,
        string side,
        List<ProcessedIndex> indexes,
        List<ProcessedIndex.Entry?> entries,
        LeftOutWriter leftOut,
        CancellationToken cancellationToken)
    {
        var any = false;
        var reference = entries.Find(e => e is { Reason: null })?.ContextKey;
        for (var i = 0; i < entries.Count; i++)
        {
            var (reason, detail) = entries[i] switch
            {
                null => ("missing", "another method's file has the item, this one's does not"),
                { Reason: { } why, Detail: var words } => (why, words),
                var entry when entry.ContextKey != reference =>
                    ("context_differs", "the messages before the answer are not those of the other method's file"),
                _ => (null, null),
            };
            if (reason is not null)
            {
                any = true;
                await leftOut.AddAsync(itemId, indexes[i].Method, side, reason, detail, cancellationToken);
            }
        }

        return any;
    }

    private static async Task IncludeAsync(
        string side,
        List<ProcessedIndex> indexes,
        List<ProcessedIndex.Entry?> entries,
        List<ArmWriter> arms,
        ArmWriter? positive,
        int? maxContextTurns,
        CancellationToken cancellationToken)
    {
        var isValidation = side is Validation;
        for (var i = 0; i < indexes.Count; i++)
        {
            var entry = entries[i]!;
            var line = await indexes[i].ExampleAsync(entry, maxContextTurns, cancellationToken);
            await arms[i].AddAsync(line, isValidation, entry.IsPositive, cancellationToken);
            if (i == 0 && entry.IsPositive && positive is not null)
            {
                await positive.AddAsync(line, isValidation, isPositive: true, cancellationToken);
            }
        }
    }

    private static void RequireExamples(List<ArmWriter> arms, LeftOutWriter leftOut, PrepareOptions options)
    {
        if (arms.Find(a => a.Counts.Training == 0) is { } empty)
        {
            throw new StageFailedException(
                $"No training example is left for the arm '{empty.Method}' (left out: {leftOut.Describe()}). "
                + $"See '{options.LeftOutPath}', and process more conversations.");
        }
    }

    private static async Task<OrderedDictionary<string, string>> ReadSidesAsync(string path, CancellationToken cancellationToken)
    {
        var sides = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var (place, item) in JsonLines.ReadAsync(path, cancellationToken))
        {
            var side = RecordFields.Text(item, RecordFields.Side, place);
            if (side is not (Train or Validation))
            {
                throw new MisuseException($"{place}: the side '{side}' is not one to train on. Run Split again.");
            }

            sides[RecordFields.Text(item, RecordFields.ItemId, place)] = side;
        }

        return sides;
    }

    private void Report(PrepareSummary summary, LeftOutWriter leftOut)
    {
        foreach (var (method, counts) in summary.Arms)
        {
            logger.LogInformation(
                "{Method}: {Training} training and {Validation} validation examples, {Positive} of them from positive feedback",
                method, counts.Training, counts.Validation, counts.Positive);
        }

        if (summary.LeftOutItems > 0)
        {
            logger.LogInformation("{Count} items left out of every arm ({Reasons})", summary.LeftOutItems, leftOut.Describe());
        }

        if (summary.UnknownItems > 0)
        {
            logger.LogWarning("{Unknown} processed records of items that are not for training were not used", summary.UnknownItems);
        }
    }
}
