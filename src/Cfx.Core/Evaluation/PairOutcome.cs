namespace Cfx.Core.Evaluation;

/// <summary>What both orders of a pair say together, seen from model1.</summary>
/// <param name="Outcome">Win and loss need both orders to agree.</param>
/// <param name="TieKind">Why it is a tie; null unless it is one.</param>
public sealed record PairOutcome(OutcomeKind Outcome, TieKind? TieKind = null)
{
    /// <summary>Combines the two slot verdicts.</summary>
    /// <param name="normal">The verdict with model1 in slot A; null when there is none.</param>
    /// <param name="reversed">The verdict with model2 in slot A; null when there is none.</param>
    public static PairOutcome Combine(Verdict? normal, Verdict? reversed) => (normal, reversed) switch
    {
        // One order alone would bring its position bias with it.
        (null, _) or (_, null) => new(OutcomeKind.Incomplete),
        (Verdict.A, Verdict.B) => new(OutcomeKind.Win),
        (Verdict.B, Verdict.A) => new(OutcomeKind.Loss),
        (Verdict.Tie, Verdict.Tie) => new(OutcomeKind.Tie, Evaluation.TieKind.Consistent),
        (Verdict.A, Verdict.A) => new(OutcomeKind.Tie, Evaluation.TieKind.FlipFirst),
        (Verdict.B, Verdict.B) => new(OutcomeKind.Tie, Evaluation.TieKind.FlipSecond),
        (Verdict.A, Verdict.Tie) or (Verdict.Tie, Verdict.B) => new(OutcomeKind.Tie, Evaluation.TieKind.SoftModel1),
        _ => new(OutcomeKind.Tie, Evaluation.TieKind.SoftModel2),
    };

    /// <summary>Model1's credit: 1, 1/2 or 0; null for an incomplete pair.</summary>
    public double? StrictScore => Outcome switch
    {
        OutcomeKind.Win => 1,
        OutcomeKind.Tie => 0.5,
        OutcomeKind.Loss => 0,
        _ => null,
    };

    /// <summary>Model1's credit averaged over the two orders, in quarters; null for an incomplete pair.</summary>
    public double? AveragedScore => TieKind switch
    {
        Evaluation.TieKind.SoftModel1 => 0.75,
        Evaluation.TieKind.SoftModel2 => 0.25,
        _ => StrictScore,
    };

    /// <summary>The same pair seen from model2. Flips stay: they speak of slots, not of models.</summary>
    public PairOutcome Reversed() => new(
        Outcome switch
        {
            OutcomeKind.Win => OutcomeKind.Loss,
            OutcomeKind.Loss => OutcomeKind.Win,
            _ => Outcome,
        },
        TieKind switch
        {
            Evaluation.TieKind.SoftModel1 => Evaluation.TieKind.SoftModel2,
            Evaluation.TieKind.SoftModel2 => Evaluation.TieKind.SoftModel1,
            _ => TieKind,
        });
}
