namespace Cfx.Core.Statistics.Calibration;

/// <summary>What a cell's studies are made of, and so what is measured on them.</summary>
public enum CalibrationDesign
{
    /// <summary>Three arms, each conversation judged in all three comparisons, one item a conversation.</summary>
    ThreeArms,

    /// <summary>One comparison, one to four items a conversation that depend on each other.</summary>
    Clusters,

    /// <summary>One comparison in which the longer answer is preferred.</summary>
    Lengths,

    /// <summary>Three judges with noise, users' feedback on the originals, and groups.</summary>
    Judges,

    /// <summary>One comparison, each pair judged in one order drawn by a coin.</summary>
    OneOrder,

    /// <summary>One comparison of few pairs, with answers missing now and then.</summary>
    FewPairs,
}
