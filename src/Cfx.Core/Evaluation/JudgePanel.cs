using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Reporting;

namespace Cfx.Core.Evaluation;

/// <summary>Makes one evaluation file of several judges' files about the same pairs: the majority in each order, then both orders combined as a single
/// judge's are.</summary>
public static class JudgePanel
{
    /// <summary>Writes the majority's file; rows are read side by side, so memory does not grow with them.</summary>
    /// <param name="files">Each judge with its evaluation file; two or more.</param>
    /// <param name="options">As for the single judges; the judge's name in it does not matter.</param>
    /// <param name="cancellationToken">Stops; nothing of the output then appears.</param>
    /// <exception cref="MisuseException">A file is missing or broken, or the files are not about the same pairs.</exception>
    /// <exception cref="StageFailedException">Too many pairs are incomplete (the file is then written).</exception>
    public static async Task<ComparisonStatistics> CombineAsync(
        IReadOnlyList<(string Judge, string Path)> files, EvaluateOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(files.Count, 2, nameof(files));
        var readers = files.Select(f => new EvaluationFileReader(f.Path)).ToList();
        var tally = new ComparisonTally();
        var agreement = new PanelAgreement([.. files.Select(f => f.Judge)]);
        await using var writer = EvaluationFileWriter.Create(options.OutputPath);
        await foreach (var row in RowsAsync(readers, files, agreement, tally, cancellationToken))
        {
            await writer.WriteAsync(row, cancellationToken);
        }

        var statistics = tally.Estimate(plannedComparisons: 1);
        await writer.CommitAsync(Head(readers, files, options, agreement, statistics), cancellationToken);
        return statistics.FailureRate > options.MaxFailureRate
            ? throw new StageFailedException(FormattableString.Invariant(
                $"{options.Model1} against {options.Model2}: {statistics.FailedTotal} of {statistics.Attempted} pairs have no majority of the {files.Count} judges or no whole answers, more than {options.MaxFailureRate * 100:0.#} %; {options.OutputPath} tells each pair's reason. Run Evaluate again, or allow more with --max-incomplete."))
            : statistics;
    }

    /// <summary>The majority's rows, made from the judges' as they are read.</summary>
    /// <exception cref="MisuseException">A file is missing or broken, or the files are not about the same pairs.</exception>
    internal static async IAsyncEnumerable<JsonObject> RowsAsync(
        List<EvaluationFileReader> readers,
        IReadOnlyList<(string Judge, string Path)> files,
        PanelAgreement agreement,
        ComparisonTally tally,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> judges = [.. files.Select(f => f.Judge)];
        var rows = readers.ConvertAll(r => r.ReadWholeAsync(cancellationToken).GetAsyncEnumerator(cancellationToken));
        try
        {
            while (await NextAsync(rows, files))
            {
                yield return Combine([.. rows.Select(r => r.Current)], judges, files[0].Path, agreement, tally);
            }
        }
        finally
        {
            foreach (var reader in rows)
            {
                await reader.DisposeAsync();
            }
        }
    }

    /// <summary>What the metadata tells of the judges, once all rows were read.</summary>
    /// <param name="readers">Of the judges' files.</param>
    /// <param name="files">Their names and paths.</param>
    /// <param name="outputPath">The majority's file, from which paths are told.</param>
    /// <param name="agreement">Of all rows.</param>
    internal static JsonObject Told(
        List<EvaluationFileReader> readers, IReadOnlyList<(string Judge, string Path)> files, string outputPath, PanelAgreement agreement)
    {
        var each = files.Select((f, i) => (JsonNode)new JsonObject
        {
            ["model"] = f.Judge,
            ["file"] = Path.GetRelativePath(Path.GetDirectoryName(outputPath)!, f.Path).Replace('\\', '/'),
            ["n"] = readers[i].Statistics?["n"]?.DeepClone(),
            ["h"] = readers[i].Statistics?["h"]?.DeepClone(),
            ["ci95"] = readers[i].Statistics?["ci95"]?.DeepClone(),
            ["order_consistency"] = readers[i].Statistics?["order_consistency"]?.DeepClone(),
        });
        return new JsonObject
        {
            ["last_reply_at"] = readers.Select(r => RecordFields.Text(r.Metadata!, "last_reply_at")).Max(StringComparer.Ordinal),
            ["judges"] = new JsonArray([.. each]),
            ["judge_agreement"] = agreement.ToJson(),
        };
    }

    private static async Task<bool> NextAsync(List<IAsyncEnumerator<JsonObject>> rows, IReadOnlyList<(string Judge, string Path)> files)
    {
        var more = 0;
        foreach (var row in rows)
        {
            more += await row.MoveNextAsync() ? 1 : 0;
        }

        var ids = more == rows.Count ? rows.Select(r => RecordFields.Text(r.Current, RecordFields.ItemId)).Distinct(StringComparer.Ordinal).ToList() : [];
        return (more, ids.Count) switch
        {
            (0, _) => false,
            var (m, distinct) when m == rows.Count && distinct == 1 => true,
            _ => throw new MisuseException(
                $"{string.Join(" and ", files.Select(f => f.Path))} are not about the same pairs{(ids.Count > 1 ? $" (they part at item {ids[0]})" : "")}; run Evaluate for all judges again."),
        };
    }

    private static JsonObject Combine(List<JsonObject> rows, List<string> judges, string place, PanelAgreement agreement, ComparisonTally tally)
    {
        var conversation = RecordFields.Text(rows[0], RecordFields.ConversationId, place);
        agreement.Add(conversation, [.. rows.Select(r => EvaluationWords.Outcome(RecordFields.Text(r, "outcome")) ?? OutcomeKind.Incomplete)]);
        var combined = (JsonObject)rows[0].DeepClone();
        foreach (var name in (IEnumerable<string>)["outcome", "tie_kind", "incomplete_cause", "reason", "winner", "judgments"])
        {
            combined.Remove(name);
        }

        var cause = EvaluationWords.Cause(RecordFields.Text(rows[0], "incomplete_cause"));
        var judgments = new JsonArray();
        var outcome = new PairOutcome(OutcomeKind.Incomplete);
        if (rows[0]["judgments"] is JsonArray { Count: > 0 })
        {
            var (normal, anyFailed) = Vote(rows, judges, EvaluationWords.Normal, judgments);
            var (reversed, anyFailedReversed) = Vote(rows, judges, EvaluationWords.Reversed, judgments);
            outcome = PairOutcome.Combine(normal.Verdict, reversed.Verdict);
            cause = outcome.Outcome != OutcomeKind.Incomplete ? null
                : (normal.Verdict is null && anyFailed) || (reversed.Verdict is null && anyFailedReversed) ? IncompleteCause.JudgeFailed
                : IncompleteCause.JudgeUnparsed;
        }

        tally.Add(conversation, outcome, cause);
        combined["judgments"] = judgments;
        combined["outcome"] = EvaluationWords.Of(outcome.Outcome);
        if (outcome.TieKind is { } kind)
        {
            combined["tie_kind"] = EvaluationWords.Of(kind);
        }

        if (cause is { } why)
        {
            combined["incomplete_cause"] = EvaluationWords.Of(why);
            combined["reason"] = RecordFields.Text(rows[0], "reason") ?? "no majority of the judges gave a verdict in both orders";
        }

        combined["winner"] = EvaluationWords.Winner(outcome.Outcome);
        return combined;
    }

    private static (PanelVote Vote, bool AnyFailed) Vote(List<JsonObject> rows, List<string> judges, string order, JsonArray judgments)
    {
        var said = rows.ConvertAll(r => (r["judgments"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(j => RecordFields.Text(j, "order") == order));
        var vote = PanelVote.Of([.. said.Select(j => j is null ? null : EvaluationWords.Slot(RecordFields.Text(j, "verdict")))]);
        var failed = said.Exists(j => j is not null && RecordFields.Text(j, "status") == Judgment.Failed);
        var votes = new JsonObject();
        for (var i = 0; i < judges.Count; i++)
        {
            votes[judges[i]] = said[i] is { } judgment ? RecordFields.Text(judgment, "verdict") : null;
        }

        var status = vote.Verdict is not null ? Judgment.Judged : failed ? Judgment.Failed : Judgment.Unparsed;
        var json = new Judgment(order, vote.Verdict, status, vote.ToString(), 1, vote.Verdict is null ? "no majority of the judges gave a verdict" : null).ToJson();
        json["votes"] = votes;
        judgments.Add((JsonNode)json);
        return (vote, failed);
    }

    private static JsonObject Head(
        List<EvaluationFileReader> readers,
        IReadOnlyList<(string Judge, string Path)> files,
        EvaluateOptions options,
        PanelAgreement agreement,
        ComparisonStatistics statistics)
    {
        var metadata = (JsonObject)readers[0].Metadata!.DeepClone();
        metadata["judge"]!["model"] = $"majority of {string.Join(", ", files.Select(f => f.Judge))}";
        foreach (var (name, value) in Told(readers, files, options.OutputPath, agreement))
        {
            metadata[name] = value?.DeepClone();
        }

        metadata.Remove(EvaluationWarnings.Name);
        EvaluationWarnings.AddTo(metadata, options, files.Select(f => f.Judge), statistics);
        var summary = EvaluateCounts.Pairs(statistics);
        summary["judges"] = files.Count;
        return new JsonObject
        {
            ["metadata"] = metadata,
            ["summary"] = summary,
            ["statistics"] = statistics.ToJson(),
        };
    }
}
