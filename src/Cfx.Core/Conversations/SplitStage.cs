using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Conversations;

/// <summary>Divides the kept items into train, validation and test, such that no conversation and no judged context stands on two sides, and
/// that an item once assigned never moves.</summary>
/// <param name="logger">Told the counts.</param>
/// <param name="progress">Told how many items were read.</param>
public sealed class SplitStage(ILogger logger, IProgressSink progress)
{
    /// <summary>Reads the items and the assignments that exist, and writes the three files.</summary>
    /// <exception cref="MisuseException">A share is out of range, or the items cannot be read.</exception>
    /// <exception cref="StageFailedException">The assignments that exist were drawn with other parameters, contradict each other, or cannot
    /// be read.</exception>
    public async Task<SplitSummary> RunAsync(SplitOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var frozen = !options.Redraw && File.Exists(options.Split);
        if (frozen)
        {
            await CheckFrozenAsync(options, cancellationToken);
        }

        var plan = new SplitPlan(options);
        using (var scope = progress.Begin("items", null))
        {
            var read = 0L;
            await foreach (var item in FilteredItems.ReadAsync(options.Filtered, null, [], cancellationToken))
            {
                if (!plan.TryAdd(item.ItemId, item.ConversationId, ContextHash.Of(item.Context)))
                {
                    throw new MisuseException($"'{options.Filtered}' has the item '{item.ItemId}' twice. Run Filter again.");
                }

                read++;
                if (read % 1000 == 0)
                {
                    scope.Report(read);
                }
            }

            scope.Report(read);
        }

        if (frozen)
        {
            await FreezeAsync(options, plan, cancellationToken);
        }

        plan.Assign();
        var summary = await WriteAsync(options, plan, frozen, cancellationToken);
        logger.LogInformation(
            "Split {Items} items: {Train} train, {Validation} validation, {Test} test; {Added} of them new, {LeftOut} left out",
            summary.Items.Values.Sum(), summary.Items[SplitSide.Train], summary.Items[SplitSide.Validation], summary.Items[SplitSide.Test],
            summary.Added, summary.LeftOut);
        foreach (var (side, _) in summary.Items.Where(pair => pair.Value == 0 && Wanted(pair.Key, options)))
        {
            logger.LogWarning("No item fell to the {Side} side; there are too few for these shares", SplitSides.ToText(side));
        }

        if (summary.LeftOut > 0)
        {
            logger.LogWarning("{LeftOut} items would join two sides and are left out; see {File}", summary.LeftOut, options.LeftOut);
        }

        return summary;
    }

    private static bool Wanted(SplitSide side, SplitOptions options) => side switch
    {
        SplitSide.Test => options.TestShare > 0,
        SplitSide.Validation => options.TrainSplit < 1,
        _ => true,
    };

    private static void Check(SplitOptions options)
    {
        if (options.TestShare is not (>= 0 and < 1))
        {
            throw new MisuseException(FormattableString.Invariant($"--test-share is {options.TestShare}; it must be from 0 to below 1."));
        }

        if (options.TrainSplit is not (> 0 and <= 1))
        {
            throw new MisuseException(FormattableString.Invariant($"--train-split is {options.TrainSplit}; it must be above 0 and at most 1."));
        }
    }

    private static async Task CheckFrozenAsync(SplitOptions options, CancellationToken cancellationToken)
    {
        const string Remedy = "Assignments never move: give the study another name, or force Split to draw anew.";
        JsonObject? recorded;
        try
        {
            recorded = JsonNode.Parse(await File.ReadAllTextAsync(options.Summary, cancellationToken)) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new StageFailedException(
                $"'{options.Split}' exists, but '{options.Summary}', which says how it was drawn, cannot be read. Restore it, or force Split to draw anew.", e);
        }

        var asked = new (string Name, string Value)[]
        {
            ("seed", JsonValue.Create(options.Seed).ToJsonString()),
            ("test_share", JsonValue.Create(options.TestShare).ToJsonString()),
            ("train_split", JsonValue.Create(options.TrainSplit).ToJsonString()),
        };
        var changes = asked
            .Select(pair => (pair.Name, Old: recorded?[pair.Name]?.ToJsonString() ?? "unknown", New: pair.Value))
            .Where(change => !string.Equals(change.Old, change.New, StringComparison.Ordinal))
            .Select(change => $"{change.Name} {change.Old} → {change.New}")
            .ToArray();
        if (changes.Length > 0)
        {
            throw new StageFailedException($"The split '{options.Split}' is frozen and was drawn otherwise: {string.Join(", ", changes)}. {Remedy}");
        }
    }

    private static async Task FreezeAsync(SplitOptions options, SplitPlan plan, CancellationToken cancellationToken)
    {
        await foreach (var line in SplitLine.ReadAsync(options.Split, cancellationToken))
        {
            if (!plan.TryFreeze(line))
            {
                throw new StageFailedException(
                    $"'{options.Split}' puts the conversation or context of item '{line.ItemId}' on two sides. Restore the file, or force Split to draw anew.");
            }
        }
    }

    private static async Task<SplitSummary> WriteAsync(SplitOptions options, SplitPlan plan, bool frozen, CancellationToken cancellationToken)
    {
        await using var split = ConversationWriter.Create(options.Split);
        await using var trainingItems = ConversationWriter.Create(options.TrainingItems);
        await using var testItems = ConversationWriter.Create(options.TestItems);
        await using var leftOut = ConversationWriter.Create(options.LeftOut);
        await foreach (var item in FilteredItems.ReadAsync(options.Filtered, null, [], cancellationToken))
        {
            var hash = ContextHash.Of(item.Context);
            var (side, group) = plan.OfConversation(item.ConversationId);
            if (plan.IsAssigned(item.ItemId, item.ConversationId))
            {
                await split.WriteAsync(new SplitLine(item.ItemId, item.ConversationId, hash, group, side, Absent: false).ToJson(), cancellationToken);

                // A file a side, so that editing a test conversation leaves everything that trains as it is, and the other way round.
                item.Source[RecordFields.Side] = SplitSides.ToText(side);
                await (side == SplitSide.Test ? testItems : trainingItems).WriteAsync(item.Source, cancellationToken);
            }
            else
            {
                await leftOut.WriteAsync(Report(item, hash, side, plan.OfContext(hash)), cancellationToken);
            }
        }

        var absent = 0L;
        if (frozen)
        {
            await foreach (var line in SplitLine.ReadAsync(options.Split, cancellationToken))
            {
                if (!plan.IsAssigned(line.ItemId, line.ConversationId))
                {
                    await split.WriteAsync((line with { Absent = true }).ToJson(), cancellationToken);
                    absent++;
                }
            }
        }

        // The assignments last: a run killed in between draws the same again. Old ones must not stand beside a summary that says how new
        // ones were drawn.
        if (options.Redraw)
        {
            File.Delete(options.Split);
        }

        var summary = plan.Summarise(absent);
        await AtomicFile.WriteBytesAsync(options.Summary, JsonText.Indented(summary.ToJson()), cancellationToken);
        await leftOut.CommitAsync(cancellationToken);
        await trainingItems.CommitAsync(cancellationToken);
        await testItems.CommitAsync(cancellationToken);
        await split.CommitAsync(cancellationToken);
        return summary;
    }

    private static JsonObject Report(FeedbackItem item, string hash, SplitSide conversation, SplitSide context) => new()
    {
        [RecordFields.ItemId] = item.ItemId,
        [RecordFields.ConversationId] = item.ConversationId,
        ["context_hash"] = hash,
        ["reason"] = $"its conversation is on the {SplitSides.ToText(conversation)} side and its context on the {SplitSides.ToText(context)} side",
    };
}
