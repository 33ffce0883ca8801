namespace Cfx.Core.Statistics.Calibration;

/// <summary>All that was measured.</summary>
/// <param name="Options">What decided it.</param>
/// <param name="Rows">By cell in the order simulated.</param>
public sealed record CalibrationReport(CalibrationOptions Options, IReadOnlyList<CalibrationRow> Rows)
{
    /// <summary>Figures out of bounds without a reason: none, or something is wrong.</summary>
    public IReadOnlyList<CalibrationRow> Off => [.. Rows.Where(r => r.Status == "off")];
}
