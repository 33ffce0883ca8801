namespace Cfx.Core.Statistics;

/// <summary>Whether the judge sides with the users.</summary>
/// <param name="Negative">How often the new answer is preferred where the user disliked the original (UR2, UR3).</param>
/// <param name="Positive">How often where the user liked it (UR5).</param>
/// <param name="Difference">Negative minus positive, -1 to 1: above 0 for a judge that sees what the users saw; null unless both have data.</param>
/// <param name="StandardError">Null below two pairs on a side.</param>
/// <param name="Interval">Within -1..1, normal, over conversations Student's; made of the two sides' own (<see cref="Mover"/>) where one shows no variation; null
/// where the error is.</param>
/// <param name="PValue">Two-sided, for no difference, by the same distribution; exact where a side shows no variation (over conversations: of the first pair of each);
/// null where the error is.</param>
/// <param name="Decisive">Kappa and agreement of the judge's decided pairs with the users' side, rows negative and positive, columns new and
/// original. Secondary: the feedback was on one answer, not on the pair.</param>
public sealed record FeedbackAgreementResult(
    HalfCreditResult Negative,
    HalfCreditResult Positive,
    double? Difference,
    double? StandardError,
    Interval? Interval,
    double? PValue,
    KappaResult Decisive)
{
    /// <summary>Whether chance is ruled out: the interval leaves out 0, and the p-value is below 0.05 too, which with a handful of pairs it
    /// cannot be.</summary>
    public bool IsShown => Interval is { } interval && !interval.Contains(0) && PValue < 0.05;
}
