using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cfx.Core.Generation;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Evaluation;

/// <summary>Has two contestants' answers to the same contexts judged, pair by pair, in both orders.</summary>
/// <param name="judge">Asked for the verdicts.</param>
/// <param name="progress">Told how many pairs are done.</param>
/// <param name="logger">Told how they came out.</param>
public sealed class EvaluateStage(IChatModel judge, IProgressSink progress, ILogger logger)
{
    /// <summary>The version of the file's layout.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the evaluation file. Its rows wait in a temporary file, so memory is bounded by the pairs under way.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops; nothing of the output then appears.</param>
    /// <exception cref="MisuseException">A file of answers is missing or broken, or the two are not about the same contexts.</exception>
    /// <exception cref="StageFailedException">All first calls failed for one reason, or too many pairs are incomplete (the file is then written).</exception>
    public async Task<EvaluateSummary> RunAsync(EvaluateOptions options, CancellationToken cancellationToken)
    {
        await using var writer = EvaluationFileWriter.Create(options.OutputPath);
        var tally = new ComparisonTally();
        var counts = new EvaluateCounts(options.Judge.Model);
        var pairJudge = new PairJudge(judge, options);
        using var scope = progress.Begin("pairs", options.ExpectedPairs);
        var results = OrderedParallel.SelectAsync(
            PairsAsync(options, cancellationToken),
            options.Concurrency,
            (pair, token) => pairJudge.JudgeAsync(pair.First, pair.Second, token),
            cancellationToken);
        await foreach (var result in results)
        {
            counts.Add(result);
            tally.Add(result.First.Context.ConversationId, result.Outcome, result.Cause);
            await writer.WriteAsync(result.ToJson(), cancellationToken);
            scope.Report(writer.Count);
        }

        if (writer.Count == 0)
        {
            throw new StageFailedException($"{options.Responses1Path}: there are no answers to compare; run Respond first.");
        }

        counts.Guard.Complete();
        var statistics = tally.Estimate(plannedComparisons: 1);
        await writer.CommitAsync(Head(options, counts, statistics), cancellationToken);

        logger.LogInformation(
            "{Model1} against {Model2}: {Wins} won, {Ties} tied, {Losses} lost, {Failed} incomplete{Monitoring}",
            options.Model1, options.Model2, statistics.Wins, statistics.Ties.Total, statistics.Losses, statistics.FailedTotal, EvaluateMonitoring.Of(statistics, options));
        return statistics.FailureRate > options.MaxFailureRate
            ? throw new StageFailedException(
                $"{options.Model1} against {options.Model2}: {statistics.FailedTotal} of {statistics.Attempted} pairs are incomplete, more than "
                + FormattableString.Invariant($"{options.MaxFailureRate * 100:0.#} %, so the comparison says little. For example {counts.Examples()}. ")
                + $"{options.OutputPath} tells each pair's reason; "
                + "mend the cause and run Evaluate again, or allow more with --max-incomplete.")
            : counts.Summary(statistics) with { Monitoring = EvaluateMonitoring.Of(statistics, options) };
    }

    /// <summary>The requests that <see cref="RunAsync"/> would make at first: each pair of complete answers in both orders. Reminders depend on the
    /// replies and are not among them.</summary>
    /// <exception cref="MisuseException">A file of answers is missing or broken, or the two are not about the same contexts.</exception>
    public static async IAsyncEnumerable<ChatRequest> RequestsAsync(EvaluateOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (first, second) in PairsAsync(options, cancellationToken))
        {
            if (first.IsComplete && second.IsComplete)
            {
                yield return PairJudge.Request(options, EvaluationWords.Normal, first, second, remind: false);
                yield return PairJudge.Request(options, EvaluationWords.Reversed, first, second, remind: false);
            }
        }
    }

    private static async IAsyncEnumerable<(ResponseRecord First, ResponseRecord Second)> PairsAsync(
        EvaluateOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var seconds = AnswersAsync(options.Responses2Path, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await foreach (var first in AnswersAsync(options.Responses1Path, cancellationToken))
        {
            var second = await seconds.MoveNextAsync() ? seconds.Current : null;
            if (second is null || second.Context.ItemId != first.Context.ItemId || !second.Context.Context.SequenceEqual(first.Context.Context))
            {
                throw Mismatch(options, first.Context.ItemId);
            }

            yield return (first, second);
        }

        if (await seconds.MoveNextAsync())
        {
            throw Mismatch(options, seconds.Current.Context.ItemId);
        }
    }

    private static IAsyncEnumerable<ResponseRecord> AnswersAsync(string path, CancellationToken cancellationToken) =>
        JsonLines.ReadAsync(path, cancellationToken).Select(line => ResponseRecord.Parse(line.Record, line.Place));

    private static MisuseException Mismatch(EvaluateOptions options, string itemId) => new(
        $"{options.Responses1Path} and {options.Responses2Path} do not answer the same contexts (they part at item {itemId}); run Respond for both again.");

    private static JsonObject Head(EvaluateOptions options, EvaluateCounts counts, ComparisonStatistics statistics) => new()
    {
        ["metadata"] = Metadata(options, counts, statistics),
        ["summary"] = counts.ToJson(statistics),
        ["statistics"] = statistics.ToJson(),
    };

    private static JsonObject Metadata(EvaluateOptions options, EvaluateCounts counts, ComparisonStatistics statistics)
    {
        var metadata = new JsonObject
        {
            ["schema_version"] = SchemaVersion,
            ["provider"] = options.Provider,
            ["model1"] = new JsonObject { ["name"] = options.Model1, ["model"] = counts.Model1 },
            ["model2"] = new JsonObject { ["name"] = options.Model2, ["model"] = counts.Model2 },
            ["judge"] = new JsonObject
            {
                ["model"] = options.Judge.Model,
                ["temperature"] = options.Judge.Temperature,
                ["top_p"] = options.Judge.TopP,
                ["max_tokens"] = options.Judge.MaxTokens,
            },
            ["prompts"] = new JsonObject
            {
                ["judge"] = options.Prompts.Judge.ContentHash,
                ["judge_reminder"] = options.Prompts.Reminder.ContentHash,
            },
            ["split_hash"] = options.SplitHash,
            ["seed"] = options.Seed,
            ["last_reply_at"] = counts.LastReply is { } time ? Timestamps.Format(time) : null,
        };
        (string Role, string? Provider)[] providers = [("generator", options.GeneratorProvider), ("arms", options.ArmsProvider), ("judge", options.Provider)];
        if (providers.Any(p => p.Provider is not null && p.Provider != options.Provider))
        {
            metadata["providers"] = new JsonObject(providers.Where(p => p.Provider is not null).Select(p => KeyValuePair.Create(p.Role, (JsonNode?)p.Provider)));
        }

        EvaluationWarnings.AddTo(metadata, options, counts, statistics);
        return metadata;
    }
}
