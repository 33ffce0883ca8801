namespace Cfx.Core.Evaluation;

/// <summary>One call of the judge, by slot: which of the two answers as they were shown.</summary>
public enum Verdict
{
    A,
    B,
    Tie,
}
