namespace Cfx.Core.Evaluation;

/// <summary>How a tie came about.</summary>
public enum TieKind
{
    /// <summary>Both orders said tie.</summary>
    Consistent,

    /// <summary>Both orders preferred what stood first.</summary>
    FlipFirst,

    /// <summary>Both orders preferred what stood second.</summary>
    FlipSecond,

    /// <summary>One order preferred model1, the other said tie.</summary>
    SoftModel1,

    /// <summary>One order preferred model2, the other said tie.</summary>
    SoftModel2,
}
