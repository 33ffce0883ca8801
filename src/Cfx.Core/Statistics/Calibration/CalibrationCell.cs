namespace Cfx.Core.Statistics.Calibration;

/// <summary>One combination that is simulated.</summary>
/// <param name="Scenario">The truth.</param>
/// <param name="N">Conversations, or items where conversations give several.</param>
/// <param name="TieRate">How often equal answers are held equal.</param>
public sealed record CalibrationCell(CalibrationScenario Scenario, int N, double TieRate);
