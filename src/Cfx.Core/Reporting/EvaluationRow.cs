using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>What the analysis needs of one judged pair.</summary>
/// <param name="ItemId">The test item.</param>
/// <param name="ConversationId">Groups items for clustered errors.</param>
/// <param name="Outcome">Seen from model1.</param>
/// <param name="Cause">Why an incomplete pair is incomplete; null for a complete one.</param>
public sealed record EvaluationRow(string ItemId, string ConversationId, PairOutcome Outcome, IncompleteCause? Cause)
{
    /// <summary>The verdict by slot with model1 in slot A; null when there is none or the file does not tell.</summary>
    public Verdict? Normal { get; init; }

    /// <summary>The same with model2 in slot A.</summary>
    public Verdict? Reversed { get; init; }

    /// <summary>Such as "UR2"; null when the file does not tell.</summary>
    public string? Category { get; init; }

    public PairShape Shape { get; init; }

    /// <summary>What each of several judges said, in the file's order of judges; empty where one judge judged.</summary>
    public IReadOnlyList<JudgeVote> Votes { get; init; } = [];

    /// <summary>The same pair with the models' names exchanged: what was the normal order is the reversed one.</summary>
    public EvaluationRow Exchanged() => this with
    {
        Outcome = Outcome.Reversed(),
        Cause = Cause switch
        {
            IncompleteCause.AnswerModel1 => IncompleteCause.AnswerModel2,
            IncompleteCause.AnswerModel2 => IncompleteCause.AnswerModel1,
            _ => Cause,
        },
        Normal = Reversed,
        Reversed = Normal,
        Shape = Shape.Exchanged(),
        Votes = [.. Votes.Select(v => v.Exchanged())],
    };
}
