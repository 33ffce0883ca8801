using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Auditing;

/// <summary>Holds the judge against what users said: rewrites of answers that they disliked ought to be preferred more often than other answers in place of
/// those that they liked.</summary>
/// <param name="generator">Asked for the other answers.</param>
/// <param name="judge">Held to account.</param>
/// <param name="progress">Told how many pairs are done.</param>
/// <param name="logger">Told how it came out.</param>
public sealed class AuditStage(IChatModel generator, IChatModel judge, IProgressSink progress, ILogger logger)
{
    internal const string New = "new";
    internal const string Original = "original";
    internal const string Positive = "positive";
    internal const string Negative = "negative";

    /// <summary>One pair in so many is asked for again in the same order.</summary>
    private const int RepeatEvery = 10;

    /// <summary>Writes audit.json.</summary>
    /// <exception cref="MisuseException">A file is missing or broken.</exception>
    /// <exception cref="StageFailedException">There is no pair of either kind, or all first calls failed for one reason.</exception>
    public async Task<AuditSummary> RunAsync(AuditOptions options, CancellationToken cancellationToken)
    {
        var disliked = await DislikedAsync(options, cancellationToken);
        var liked = await LikedAsync(options, cancellationToken);
        if (disliked.Count == 0 && liked.Count == 0)
        {
            throw new StageFailedException($"{options.ProcessedPath} has no rewrite and {options.ItemsPath} no liked answer (UR5), so there is nothing to hold the judge against.");
        }

        var figures = new AuditFigures(options.Judge.Model, options.Generator.Model)
        {
            Inputs = await AuditFindings.InputsAsync(options.ProcessedPath, options.ItemsPath, options.Alternative.Prompts, cancellationToken),
        };
        var alternatives = await AlternativesAsync(liked, options, figures, cancellationToken);
        List<AuditPair> pairs = [.. disliked, .. alternatives];
        var repeated = Repeated(pairs, options);
        var settings = Settings(options);
        await options.Ahead("evaluate", () => Requests(pairs, repeated, settings).ToAsyncEnumerable(), cancellationToken);

        var pairJudge = new PairJudge(judge, settings);
        var guard = new FailureGuard($"calls to the judge {options.Judge.Model}");
        using (var scope = progress.Begin("pairs", pairs.Count))
        {
            long done = 0;
            await foreach (var (pair, result, again) in OrderedParallel.SelectAsync(
                pairs.ToAsyncEnumerable(), options.Concurrency, (pair, token) => JudgeAsync(pairJudge, pair, repeated.Contains(pair.ItemId), token), cancellationToken))
            {
                foreach (var call in result.Calls)
                {
                    guard.Observe(call);
                    figures.Observe(call);
                }

                figures.Add(pair, result, again);
                scope.Report(++done);
            }
        }

        guard.Complete();
        var summary = figures.Summary();
        await AtomicFile.WriteBytesAsync(options.OutputPath, JsonText.Indented(figures.ToJson(options)), cancellationToken);
        logger.LogInformation("{Reading}", figures.Reading());
        return summary;
    }

    private static EvaluateOptions Settings(AuditOptions options) => new()
    {
        Model1 = New,
        Model2 = Original,
        Responses1Path = options.ProcessedPath,
        Responses2Path = options.ItemsPath,
        OutputPath = options.OutputPath,
        Judge = options.Judge,
        Prompts = options.Prompts,
        Provider = options.Provider,
        Seed = options.Seed,
    };

    private static async Task<IReadOnlyList<AuditPair>> DislikedAsync(AuditOptions options, CancellationToken cancellationToken)
    {
        var sample = new SeededSample<AuditPair>((options.Size + 1) / 2, options.Seed, "audit");
        await foreach (var (place, record) in JsonLines.ReadAsync(options.ProcessedPath, cancellationToken))
        {
            if (RecordFields.Text(record, "status") != ImprovementStatus.Improved)
            {
                continue;
            }

            if (!RecordFields.TryMessages(record, out var messages, out _) || messages.Count < 2)
            {
                throw RecordFields.Lacks(place, RecordFields.Context, "list of messages");
            }

            var itemId = RecordFields.Text(record, RecordFields.ItemId, place);
            var context = new TestContext(
                itemId, RecordFields.Text(record, RecordFields.ConversationId, place), RecordFields.Text(record, RecordFields.Category), [.. messages.SkipLast(1)]);
            sample.Add(new AuditPair(context, IsLiked: false, messages[^1].Content, RecordFields.Text(record, "original_assistant_response", place)), itemId);
        }

        return sample.InOrder();
    }

    private static async Task<IReadOnlyList<FeedbackItem>> LikedAsync(AuditOptions options, CancellationToken cancellationToken)
    {
        var sample = new SeededSample<FeedbackItem>(Math.Max(1, options.Size / 2), options.Seed, "audit");
        await foreach (var item in FilteredItems.ReadAsync(options.ItemsPath, cancellationToken))
        {
            if (item.Category == FeedbackCategory.UR5)
            {
                sample.Add(item, item.ItemId);
            }
        }

        return sample.InOrder();
    }

    private static HashSet<string> Repeated(List<AuditPair> pairs, AuditOptions options)
    {
        var sample = new SeededSample<string>((pairs.Count + RepeatEvery - 1) / RepeatEvery, options.Seed, "audit repeat");
        pairs.ForEach(p => sample.Add(p.ItemId, p.ItemId));
        return [.. sample.InOrder()];
    }

    private static IEnumerable<ChatRequest> Requests(List<AuditPair> pairs, HashSet<string> repeated, EvaluateOptions settings)
    {
        foreach (var pair in pairs)
        {
            yield return PairJudge.Request(settings, EvaluationWords.Normal, pair.NewAnswer, pair.OriginalAnswer, remind: false);
            yield return PairJudge.Request(settings, EvaluationWords.Reversed, pair.NewAnswer, pair.OriginalAnswer, remind: false);
            if (repeated.Contains(pair.ItemId))
            {
                yield return PairJudge.Request(settings, EvaluationWords.Normal, pair.NewAnswer, pair.OriginalAnswer, remind: false, again: true);
            }
        }
    }

    private static async Task<(AuditPair Pair, PairResult Result, Judgment? Again)> JudgeAsync(PairJudge judge, AuditPair pair, bool repeat, CancellationToken cancellationToken)
    {
        var result = await judge.JudgeAsync(pair.NewAnswer, pair.OriginalAnswer, cancellationToken);
        if (!repeat)
        {
            return (pair, result, null);
        }

        var calls = new List<ChatCall>(2);
        var again = await judge.AgainAsync(pair.NewAnswer, pair.OriginalAnswer, calls, cancellationToken);
        return (pair, result with { Calls = [.. result.Calls, .. calls] }, again);
    }

    private async Task<List<AuditPair>> AlternativesAsync(
        IReadOnlyList<FeedbackItem> liked, AuditOptions options, AuditFigures figures, CancellationToken cancellationToken)
    {
        // The seed of the method's own requests: an item of which it is asked twice has one answer.
        ChatRequest Request(FeedbackItem item) => options.Alternative.CreateRequest(item, options.Generator, StableSeed.ForRequest(options.Seed, "improve", item.ItemId));
        await options.Ahead("process", () => liked.Select(Request).ToAsyncEnumerable(), cancellationToken);
        var guard = new FailureGuard($"calls to {options.Generator.Model}");
        var pairs = new List<AuditPair>();
        await foreach (var (item, call) in OrderedParallel.SelectAsync(
            liked.ToAsyncEnumerable(), options.Concurrency, async (i, token) => (i, await ChatCall.AskAsync(generator, Request(i), token)), cancellationToken))
        {
            guard.Observe(call);
            figures.Observe(call);
            var text = call.Status == ChatCall.Complete ? call.Reply!.Content.Trim() : null;
            if (text is null || DeclineDetector.IsDecline(text) || text == item.Answer.Content.Trim())
            {
                figures.UnusableAlternatives++;
                continue;
            }

            var context = new TestContext(item.ItemId, item.ConversationId, item.Category.ToString(), item.Context);
            pairs.Add(new AuditPair(context, IsLiked: true, text, item.Answer.Content));
        }

        if (liked.Count > 0)
        {
            guard.Complete();
        }

        return pairs;
    }
}
