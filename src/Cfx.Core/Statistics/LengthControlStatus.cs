namespace Cfx.Core.Statistics;

/// <summary>Whether a length-controlled rate exists.</summary>
public enum LengthControlStatus
{
    Fitted,

    /// <summary>Fewer than two pairs.</summary>
    NoData,

    /// <summary>All answers differ by the same length: the controlled rate is the raw one.</summary>
    NoLengthVariation,

    /// <summary>The length decides the verdict, or all verdicts are the same: the fit has no finite maximum.</summary>
    Separation,
}
