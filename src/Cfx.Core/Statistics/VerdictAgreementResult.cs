namespace Cfx.Core.Statistics;

/// <summary>How two sources of verdicts on the same pairs agree: a judge and people, two judges, or one judge asked twice.</summary>
/// <param name="Kappa">Over model1, tie, model2.</param>
/// <param name="LinearKappa">The same with a tie half way between the two.</param>
/// <param name="AgreementInterval">Wilson's, for the share of equal verdicts; at the effective number (<see cref="ClusteredShare"/>) where conversations gave
/// several items.</param>
/// <param name="Decided">Pairs on which neither said tie.</param>
/// <param name="DecidedAgreement">Share of those agreed on; null without any.</param>
/// <param name="DecidedInterval">Likewise.</param>
public sealed record VerdictAgreementResult(
    KappaResult Kappa,
    KappaResult LinearKappa,
    Interval AgreementInterval,
    long Decided,
    double? DecidedAgreement,
    Interval DecidedInterval);
