using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting.Diff;

/// <summary>What a study says of one test item in one comparison.</summary>
/// <param name="Outcome">Of both orders, seen from model1.</param>
/// <param name="Normal">The verdict by slot with model1 in slot A; null when there is none, or the file does not tell.</param>
/// <param name="Reversed">The same with model2 in slot A.</param>
public sealed record JudgedItem(PairOutcome Outcome, Verdict? Normal, Verdict? Reversed)
{
    public JsonObject ToJson() => new()
    {
        ["outcome"] = EvaluationWords.Of(Outcome.Outcome),
        ["tie_kind"] = Outcome.TieKind is { } kind ? EvaluationWords.Of(kind) : null,
        ["normal"] = EvaluationWords.Of(Normal),
        ["reversed"] = EvaluationWords.Of(Reversed),
    };

    /// <summary>Such as "tie (flip_first: A, A)".</summary>
    public override string ToString() => EvaluationWords.Of(Outcome.Outcome)
        + (Outcome.TieKind is { } kind ? $" ({EvaluationWords.Of(kind)}: {Word(Normal)}, {Word(Reversed)})" : $" ({Word(Normal)}, {Word(Reversed)})");

    private static string Word(Verdict? verdict) => EvaluationWords.Of(verdict) ?? "none";
}
