using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting.Verification;

/// <summary>Derives an evaluation file's verdicts, outcomes and figures anew from the judge's own words, and says where the file tells
/// otherwise.</summary>
public static class EvaluationVerifier
{
    /// <summary>Faults beyond so many rows are only counted: one cause tends to touch all.</summary>
    private const int RowsShown = 5;

    /// <summary>One wrong count moves nearly every figure.</summary>
    private const int FiguresShown = 3;

    /// <summary>Reads the whole file row by row.</summary>
    /// <param name="path">An evaluation file.</param>
    /// <param name="name">Begins each finding.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>One line a fault; empty when everything follows from the judgments.</returns>
    /// <exception cref="MisuseException">The file is missing, broken or incomplete.</exception>
    public static async Task<IReadOnlyList<string>> VerifyAsync(string path, string name, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var tally = new ComparisonTally();
        var faulty = 0;
        await foreach (var row in new EvaluationFileReader(path).ReadWholeAsync(cancellationToken))
        {
            var (outcome, cause, fault) = Derive(row);
            tally.Add(Text(row, "conversation_id") ?? string.Empty, outcome, cause);
            if (fault is not null && ++faulty <= RowsShown)
            {
                faults.Add($"{name}: item {Text(row, "item_id")}: {fault}");
            }
        }

        if (faulty > RowsShown)
        {
            faults.Add($"{name}: {faulty - RowsShown} more items like these");
        }

        var stored = await FiguresAsync(path, cancellationToken);
        var wrong = tally.Estimate(plannedComparisons: 1).ToJson().Where(f => !JsonFiguresComparison.AreSame(stored?[f.Key], f.Value)).ToList();
        faults.AddRange(wrong.Take(FiguresShown).Select(f =>
            $"{name}: statistics.{f.Key} is {Shown(stored?[f.Key])}, and its judgments give {Shown(f.Value)}"));
        if (wrong.Count > FiguresShown)
        {
            faults.Add($"{name}: {wrong.Count - FiguresShown} more figures like these");
        }

        return faults;
    }

    private static (PairOutcome Outcome, IncompleteCause? Cause, string? Fault) Derive(JsonObject row)
    {
        var judgments = row["judgments"] as JsonArray ?? [];
        string? fault = null;
        Verdict? normal = null, reversed = null;
        foreach (var judgment in judgments.OfType<JsonObject>())
        {
            var order = Text(judgment, "order");
            var verdict = Text(judgment, "status") == Judgment.Judged ? VerdictParser.Parse(Text(judgment, "text") ?? string.Empty) : null;
            if (EvaluationWords.Of(verdict) != Text(judgment, "verdict"))
            {
                fault ??= $"the verdict in {order} order is {Text(judgment, "verdict") ?? "none"}, and the judge's text says {EvaluationWords.Of(verdict) ?? "none"}";
            }

            if (order == EvaluationWords.Normal)
            {
                normal = verdict;
            }
            else
            {
                reversed = verdict;
            }
        }

        var outcome = PairOutcome.Combine(normal, reversed);
        var told = EvaluationWords.Outcome(Text(row, "outcome"));
        if (told != outcome.Outcome || EvaluationWords.Tie(Text(row, "tie_kind")) != outcome.TieKind)
        {
            fault ??= $"the outcome is {Text(row, "outcome")}, and its judgments give {EvaluationWords.Of(outcome.Outcome)}";
        }

        return (outcome, EvaluationWords.Cause(Text(row, "incomplete_cause")), fault);
    }

    private static async Task<JsonObject?> FiguresAsync(string path, CancellationToken cancellationToken)
    {
        var reader = new EvaluationFileReader(path);
        await foreach (var row in reader.ReadAsync(cancellationToken))
        {
            // The figures stand before the rows.
            _ = row;
            break;
        }

        return reader.Statistics;
    }

    private static string? Text(JsonObject record, string name) => RecordFields.Text(record, name);

    private static string Shown(JsonNode? value) => value?.ToJsonString() ?? "null";
}
