namespace Cfx.Core.Evaluation;

/// <summary>What several judges say together of a pair in one order.</summary>
/// <param name="Verdict">A or B where more than half of the verdicts are for it, TIE in every other case (a tie of votes, too); null where no more
/// than half of the judges gave a verdict.</param>
/// <param name="A">Verdicts for slot A.</param>
/// <param name="B">For slot B.</param>
/// <param name="Ties">For neither.</param>
/// <param name="Missing">Judges without a verdict.</param>
public sealed record PanelVote(Verdict? Verdict, int A, int B, int Ties, int Missing)
{
    /// <param name="verdicts">One a judge; null for a judge without one.</param>
    public static PanelVote Of(IReadOnlyList<Verdict?> verdicts)
    {
        int a = verdicts.Count(v => v == Evaluation.Verdict.A), b = verdicts.Count(v => v == Evaluation.Verdict.B), ties = verdicts.Count(v => v == Evaluation.Verdict.Tie);
        var cast = a + b + ties;
        Verdict? verdict = 2 * cast <= verdicts.Count ? null
            : 2 * a > cast ? Evaluation.Verdict.A
            : 2 * b > cast ? Evaluation.Verdict.B
            : Evaluation.Verdict.Tie;
        return new PanelVote(verdict, a, b, ties, verdicts.Count - cast);
    }

    /// <summary>The votes in words with the verdict as a judge would mark it, so that whoever reads judges' texts reads this one alike.</summary>
    public override string ToString() =>
        $"{A} for A, {B} for B, {Ties} for a tie, {Missing} without a verdict. {(Verdict is null ? "No majority of the judges gave a verdict." : $"[[{EvaluationWords.Of(Verdict)}]]")}";
}
