using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting.Verification;

/// <summary>What a row of an evaluation file comes to by its judges' words.</summary>
/// <param name="Outcome">Of both orders.</param>
/// <param name="Cause">Why it is incomplete; null for a complete pair.</param>
/// <param name="Fault">One sentence where the row tells otherwise; null when it does not.</param>
internal sealed record RowCheck(PairOutcome Outcome, IncompleteCause? Cause, string? Fault)
{
    /// <param name="row">The row.</param>
    /// <param name="model1">The name of the contestant that the file names first; reasons begin with it.</param>
    /// <param name="model2">The other one's.</param>
    public static RowCheck Of(JsonObject row, string model1, string model2)
    {
        var judgments = (row["judgments"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        string? fault = null;
        Verdict? normal = null, reversed = null;
        if (judgments.Count > 0)
        {
            var orders = judgments.ConvertAll(j => RecordFields.Text(j, "order"));
            if (!orders.Order(StringComparer.Ordinal).SequenceEqual([EvaluationWords.Normal, EvaluationWords.Reversed]))
            {
                fault = $"it must have a judgment in each order, and has {string.Join(" and ", orders.Select(o => o ?? "none"))}";
            }

            (normal, var first) = Derive(judgments, EvaluationWords.Normal);
            (reversed, var second) = Derive(judgments, EvaluationWords.Reversed);
            fault ??= first ?? second;
        }

        var outcome = PairOutcome.Combine(normal, reversed);
        var told = RecordFields.Text(row, "outcome");
        if (told != EvaluationWords.Of(outcome.Outcome) || EvaluationWords.Tie(RecordFields.Text(row, "tie_kind")) != outcome.TieKind)
        {
            fault ??= $"the outcome is {Words(told, RecordFields.Text(row, "tie_kind"))}, and its judgments give {Words(EvaluationWords.Of(outcome.Outcome), outcome.TieKind is { } kind ? EvaluationWords.Of(kind) : null)}";
        }

        var winner = EvaluationWords.Winner(outcome.Outcome);
        if (RecordFields.Text(row, "winner") != winner)
        {
            fault ??= $"the winner is {RecordFields.Text(row, "winner") ?? "none"}, and its judgments give {winner ?? "none"}";
        }

        var toldCause = RecordFields.Text(row, "incomplete_cause");
        var cause = Causes(IncompleteReasons.Named(RecordFields.Text(row, "reason") ?? string.Empty, model1, model2), (model1, model2), judgments, outcome, normal, reversed);
        if (cause.Count == 0 ? toldCause is not null : !cause.Any(c => EvaluationWords.Of(c) == toldCause))
        {
            fault ??= $"the cause of its being incomplete is {toldCause ?? "none"}, and its judgments give {(cause.Count == 0 ? "none" : EvaluationWords.Of(cause[0]))}";
        }

        return new RowCheck(outcome, cause.Count == 0 ? null : cause.FirstOrDefault(c => EvaluationWords.Of(c) == toldCause, cause[0]), fault);
    }

    private static string Words(string? outcome, string? tieKind) => (outcome ?? "none") + (tieKind is null ? string.Empty : $" ({tieKind})");

    private static (Verdict? Verdict, string? Fault) Derive(List<JsonObject> judgments, string order) =>
        judgments.Find(j => RecordFields.Text(j, "order") == order) is { } judgment ? JudgmentCheck.Derive(judgment, order) : (null, null);

    // None for a complete pair. Which answer was missing only the reason tells, and its words may hold the other model's mark by chance.
    private static IReadOnlyList<IncompleteCause> Causes(
        string reason, (string One, string Two) models, List<JsonObject> judgments, PairOutcome outcome, Verdict? normal, Verdict? reversed)
    {
        if (outcome.Outcome != OutcomeKind.Incomplete)
        {
            return [];
        }

        if (judgments.Count == 0)
        {
            return reason.StartsWith($"{models.Two}: ", StringComparison.Ordinal) ? [IncompleteCause.AnswerModel2]
                : !reason.StartsWith($"{models.One}: ", StringComparison.Ordinal) ? [IncompleteCause.AnswerBoth, IncompleteCause.AnswerModel1, IncompleteCause.AnswerModel2]
                : reason.Contains($"; {models.Two}: ", StringComparison.Ordinal) ? [IncompleteCause.AnswerBoth, IncompleteCause.AnswerModel1]
                : [IncompleteCause.AnswerModel1];
        }

        bool Failed(string order, Verdict? verdict) => verdict is null
            && judgments.Exists(j => RecordFields.Text(j, "order") == order && RecordFields.Text(j, "status") == Judgment.Failed);
        return [Failed(EvaluationWords.Normal, normal) || Failed(EvaluationWords.Reversed, reversed) ? IncompleteCause.JudgeFailed : IncompleteCause.JudgeUnparsed];
    }
}
