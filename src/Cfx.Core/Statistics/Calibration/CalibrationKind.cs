namespace Cfx.Core.Statistics.Calibration;

/// <summary>What a row of the table measures.</summary>
public enum CalibrationKind
{
    /// <summary>How often an interval holds the truth.</summary>
    Coverage,

    /// <summary>How often a test rejects what is true.</summary>
    TypeOneError,

    /// <summary>How far an estimate is off on average.</summary>
    Bias,
}
