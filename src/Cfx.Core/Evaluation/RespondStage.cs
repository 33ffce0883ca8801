using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Evaluation;

/// <summary>Draws one answer of one arm to each test context.</summary>
/// <param name="model">Asked for the answers.</param>
/// <param name="progress">Told how many contexts are done.</param>
/// <param name="logger">Told how the answers came out.</param>
public sealed class RespondStage(IChatModel model, IProgressSink progress, ILogger logger)
{
    /// <summary>Writes a record for each context in input order.</summary>
    /// <param name="contexts">The same for every arm.</param>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops; nothing of the output then appears.</param>
    /// <exception cref="StageFailedException">There is no context; every call, or each of the first ones, failed for one reason; or the file
    /// cannot be written.</exception>
    public async Task<RespondSummary> RunAsync(IAsyncEnumerable<TestContext> contexts, RespondOptions options, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        long promptTokens = 0, completionTokens = 0;
        var guard = new FailureGuard($"calls to {options.Settings.Model}");
        await using var writer = ConversationWriter.Create(options.OutputPath);
        using var scope = progress.Begin("answers", options.ExpectedContexts);
        await foreach (var (context, call) in OrderedParallel.SelectAsync(
            contexts, options.Concurrency, async (c, token) => (c, await AskAsync(c, options, token)), cancellationToken))
        {
            guard.Observe(call);
            var record = ResponseRecord.Of(context, options.Settings.Model, call);
            counts[record.Status] = counts.GetValueOrDefault(record.Status) + 1;
            promptTokens += record.PromptTokens ?? 0;
            completionTokens += record.CompletionTokens ?? 0;
            await writer.WriteAsync(record.ToJson(), cancellationToken);
            scope.Report(writer.Count);
        }

        if (writer.Count == 0)
        {
            throw new StageFailedException($"{options.Arm}: there is no test context to answer; give more conversations or a larger test side.");
        }

        guard.Complete();
        await writer.CommitAsync(cancellationToken);
        var summary = new RespondSummary(
            (int)writer.Count,
            Count(ChatCall.Complete),
            Count(ChatCall.CutOff),
            Count(ChatCall.Empty),
            Count(ChatCall.Refused),
            Count(ChatCall.Failed),
            promptTokens,
            completionTokens);
        logger.LogInformation(
            "{Arm}: {Complete} of {Contexts} answers complete, {CutOff} cut off, {Empty} empty, {Refused} refused, {Failed} failed",
            options.Arm, summary.Complete, summary.Contexts, summary.CutOff, summary.Empty, summary.Refused, summary.Failed);
        return summary;

        int Count(string status) => counts.GetValueOrDefault(status);
    }

    /// <summary>The requests that <see cref="RunAsync"/> would make, in order.</summary>
    public static IAsyncEnumerable<ChatRequest> Requests(IAsyncEnumerable<TestContext> contexts, RespondOptions options) =>
        contexts.Select(context => Request(context, options));

    private static ChatRequest Request(TestContext context, RespondOptions options)
    {
        var settings = options.Settings;
        var seed = StableSeed.ForRequest(options.Seed, "respond", context.ItemId);
        return new ChatRequest(settings.Model, context.Context, settings.Temperature, settings.TopP, settings.MaxTokens, seed);
    }

    private Task<ChatCall> AskAsync(TestContext context, RespondOptions options, CancellationToken cancellationToken) =>
        ChatCall.AskAsync(model, Request(context, options), cancellationToken);
}
