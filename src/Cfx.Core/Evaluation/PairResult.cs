using System.Text.Json.Nodes;

namespace Cfx.Core.Evaluation;

/// <summary>One row of an evaluation file, and the calls it took.</summary>
internal sealed record PairResult(
    ResponseRecord First,
    ResponseRecord Second,
    IReadOnlyList<Judgment> Judgments,
    PairOutcome Outcome,
    IncompleteCause? Cause,
    IReadOnlyList<Generation.ChatCall> Calls)
{
    /// <summary>The contestants' names.</summary>
    internal required string Name1 { get; init; }

    internal required string Name2 { get; init; }

    internal JsonObject ToJson()
    {
        var context = First.Context;
        var row = new JsonObject
        {
            ["item_id"] = context.ItemId,
            ["conversation_id"] = context.ConversationId,
            ["category"] = context.Category,
            ["context"] = ContextJson.Write(context.Context),
            ["model1_response"] = First.Response,
            ["model2_response"] = Second.Response,
            ["judgments"] = new JsonArray([.. Judgments.Select(j => j.ToJson())]),
            ["outcome"] = EvaluationWords.Of(Outcome.Outcome),
        };
        if (Outcome.TieKind is { } kind)
        {
            row["tie_kind"] = EvaluationWords.Of(kind);
        }

        if (Cause is { } cause)
        {
            row["incomplete_cause"] = EvaluationWords.Of(cause);
            row["reason"] = Reason();
        }

        row["winner"] = EvaluationWords.Winner(Outcome.Outcome);
        return row;
    }

    // Arms go by their names: a report may turn the pair round, and a place in this file would then blame the wrong one.
    internal string Reason() => string.Join("; ", ((string?[])
    [
        First.IsComplete ? null : $"{Name1}: {First.Reason ?? First.Status}",
        Second.IsComplete ? null : $"{Name2}: {Second.Reason ?? Second.Status}",
        .. Judgments.Where(j => j.Reason is not null).Select(j => $"judge, {(j.Order == EvaluationWords.Normal ? Name1 : Name2)} first: {j.Reason}"),
    ]).Where(r => r is not null));
}
