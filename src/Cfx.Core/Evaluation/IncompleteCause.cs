namespace Cfx.Core.Evaluation;

/// <summary>Why a pair is incomplete.</summary>
public enum IncompleteCause
{
    /// <summary>Model1 gave no whole answer.</summary>
    AnswerModel1,

    /// <summary>Model2 gave no whole answer.</summary>
    AnswerModel2,

    /// <summary>Neither gave one.</summary>
    AnswerBoth,

    /// <summary>A call of the judge got no reply.</summary>
    JudgeFailed,

    /// <summary>The judge replied, twice in one order, without one clear verdict.</summary>
    JudgeUnparsed,
}
