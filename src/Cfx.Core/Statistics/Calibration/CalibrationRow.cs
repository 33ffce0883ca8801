namespace Cfx.Core.Statistics.Calibration;

/// <summary>One measured figure.</summary>
/// <param name="Cell">What was simulated.</param>
/// <param name="Kind">What was measured.</param>
/// <param name="Quantity">Of which interval, test or estimate.</param>
/// <param name="Studies">How many gave a value.</param>
/// <param name="Undefined">How many gave none.</param>
/// <param name="Value">A share from 0 to 1, or a mean error in the estimate's unit.</param>
/// <param name="MonteCarloError">Standard error of <paramref name="Value"/> from the number of studies.</param>
/// <param name="Nominal">What it is meant to be: the confidence, the level, or 0.</param>
/// <param name="Exact">What it is by exact enumeration, where that was done; else null.</param>
/// <param name="Reason">Why it is not expected to be nominal; null where it is.</param>
public sealed record CalibrationRow(
    CalibrationCell Cell,
    CalibrationKind Kind,
    string Quantity,
    long Studies,
    long Undefined,
    double Value,
    double MonteCarloError,
    double Nominal,
    double? Exact,
    string? Reason)
{
    /// <summary>Coverage of a 95% interval may not fall below this.</summary>
    public const double LowestCoverage = 0.94;

    /// <summary>Type-I error of a test at 5% may not exceed this.</summary>
    public const double HighestError = 0.053;

    /// <summary>Distance to the exact value (where known) or to the nominal one, in Monte-Carlo errors.</summary>
    public double Distance
    {
        get
        {
            // All or none of the studies: at the expected value's own error, which is not 0.
            var target = Exact ?? Nominal;
            var error = MonteCarloError > 0 ? MonteCarloError : Math.Sqrt(target * (1 - target) / Math.Max(1, Studies));
            return Value == target ? 0 : (Value - target) / error;
        }
    }

    /// <summary>"ok"; "explained" where it is out of bounds for the reason given; "chance" where it is out by less than three Monte-Carlo
    /// errors; else "off".</summary>
    public string Status
    {
        get
        {
            if (IsNear && OverBound <= 0)
            {
                return "ok";
            }

            if (Exact is not null && !IsNear)
            {
                // A reason explains why the exact value is not the nominal one, not why the simulation would differ from it.
                return "off";
            }

            return Reason is not null ? "explained" : IsNear && OverBound <= 3 * MonteCarloError ? "chance" : "off";
        }
    }

    /// <summary>Three Monte-Carlo errors from the exact value; where none is known only the bounds count, and a bias is held against 0 with
    /// four, there being many.</summary>
    private bool IsNear => Kind == CalibrationKind.Bias ? Math.Abs(Distance) <= 4 : Exact is null || Math.Abs(Distance) <= 3;

    private double OverBound => Kind switch
    {
        CalibrationKind.Coverage => LowestCoverage - (Exact ?? Value),
        CalibrationKind.TypeOneError => (Exact ?? Value) - (HighestError * Nominal / 0.05),
        _ => 0,
    };
}
