using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Generation.Improvement;

/// <summary>Makes one method's processed conversations.</summary>
/// <param name="model">Asked for the rewrites.</param>
/// <param name="progress">Told how many items are done.</param>
/// <param name="logger">Told what became of them.</param>
public sealed class ImproveStage(IChatModel model, IProgressSink progress, ILogger logger)
{
    /// <summary>Writes a record for each item in input order. Memory is bounded by the calls under way.</summary>
    /// <param name="items">In file order.</param>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops; nothing of the output then appears.</param>
    /// <exception cref="MisuseException">The output's name tells no format.</exception>
    /// <exception cref="StageFailedException">Every call, or each of the first ones, failed for one reason; or the file cannot be written.</exception>
    public async Task<ImproveSummary> RunAsync(IAsyncEnumerable<FeedbackItem> items, ImproveOptions options, CancellationToken cancellationToken)
    {
        var skipped = 0;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        long promptTokens = 0, completionTokens = 0;
        var guard = new FailureGuard($"calls to {options.Settings.Model}");
        var chosen = ChooseAsync(items, options, () => skipped++, cancellationToken);

        await using var writer = ConversationWriter.Create(options.OutputPath);
        using var scope = progress.Begin("answers", options.MaxItems);
        await foreach (var (record, call) in OrderedParallel.SelectAsync(
            chosen, options.Concurrency, (item, token) => ImproveAsync(item, options, token), cancellationToken))
        {
            if (call is not null)
            {
                guard.Observe(call);
                promptTokens += call.Reply?.PromptTokens ?? 0;
                completionTokens += call.Reply?.CompletionTokens ?? 0;
            }

            await writer.WriteAsync(record, cancellationToken);
            var status = RecordFields.Text(record, "status", options.OutputPath);
            counts[status] = counts.GetValueOrDefault(status) + 1;
            scope.Report(writer.Count);
        }

        guard.Complete();
        await writer.CommitAsync(cancellationToken);

        var summary = new ImproveSummary(
            (int)writer.Count,
            Count(ImprovementStatus.Improved),
            Count(ImprovementStatus.Kept),
            Count(ImprovementStatus.Declined),
            Count(ImprovementStatus.Failed),
            Count(ImprovementStatus.CutOff),
            Count(ImprovementStatus.Empty),
            Count(ImprovementStatus.Refused),
            skipped,
            promptTokens,
            completionTokens);
        logger.LogInformation(
            "{Method}: {Improved} improved, {Kept} kept, {Declined} declined, {CutOff} cut off, {Refused} refused, {Empty} empty, {Failed} failed",
            options.Method.Name, summary.Improved, summary.Kept, summary.Declined, summary.CutOff, summary.Refused, summary.Empty, summary.Failed);
        return summary;

        int Count(string status) => counts.GetValueOrDefault(status);
    }

    /// <summary>The requests that <see cref="RunAsync"/> would make, in order.</summary>
    public static IAsyncEnumerable<ChatRequest> Requests(
        IAsyncEnumerable<FeedbackItem> items, ImproveOptions options, CancellationToken cancellationToken) =>
        ChooseAsync(items, options, static () => { }, cancellationToken)
            .Where(item => options.Method.ActionFor(item.Category) != ImprovementAction.Keep)
            .Select(item => Request(item, options));

    private static ChatRequest Request(FeedbackItem item, ImproveOptions options) =>
        options.Method.CreateRequest(item, options.Settings, StableSeed.ForRequest(options.Seed, "improve", item.ItemId));

    private static async IAsyncEnumerable<FeedbackItem> ChooseAsync(
        IAsyncEnumerable<FeedbackItem> items, ImproveOptions options, Action skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var taken = 0;
        if (options.MaxItems <= 0)
        {
            yield break;
        }

        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            // With a maximum, which items count must not depend on the method: the arms hold the same ones.
            var isUsable = item.Category is FeedbackCategory.UR2 or FeedbackCategory.UR3 or FeedbackCategory.UR5;
            if (isUsable && ++taken > (options.MaxItems ?? int.MaxValue))
            {
                yield break;
            }

            if (!isUsable || options.Method.ActionFor(item.Category) == ImprovementAction.Skip)
            {
                skip();
                continue;
            }

            yield return item;
        }
    }

    private async Task<(JsonObject Record, ChatCall? Call)> ImproveAsync(FeedbackItem item, ImproveOptions options, CancellationToken cancellationToken)
    {
        if (options.Method.ActionFor(item.Category) == ImprovementAction.Keep)
        {
            return (ImprovedRecord.Kept(item), null);
        }

        var call = await ChatCall.AskAsync(model, Request(item, options), cancellationToken);
        return (Record(item, options, call), call);
    }

    private static JsonObject Record(FeedbackItem item, ImproveOptions options, ChatCall call)
    {
        if (call.Status != ChatCall.Complete)
        {
            return ImprovedRecord.NotImproved(item, call.Status, call.Reason!);
        }

        var text = call.Reply!.Content.Trim();
        if (DeclineDetector.IsDecline(text))
        {
            return ImprovedRecord.NotImproved(item, ImprovementStatus.Declined, $"the model declined: {Shorten(text)}");
        }

        return string.Equals(text, item.Answer.Content.Trim(), StringComparison.Ordinal)
            ? ImprovedRecord.NotImproved(item, ImprovementStatus.Declined, "the model gave the disliked answer again")
            : ImprovedRecord.Improved(item, options, call.Reply);
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 199), "…");
}
