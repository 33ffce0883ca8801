namespace Cfx.Core.Evaluation;

/// <summary>How a pair ended for model1.</summary>
public enum OutcomeKind
{
    Win,
    Tie,
    Loss,

    /// <summary>An answer or a verdict is missing; the pair counts nowhere but in the failure rate and the worst-case bounds.</summary>
    Incomplete,
}
