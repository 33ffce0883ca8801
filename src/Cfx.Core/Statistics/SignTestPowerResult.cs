namespace Cfx.Core.Statistics;

/// <summary>What the exact sign test does at a planned number of decided pairs.</summary>
/// <param name="CriticalLow">The test is significant when the rarer side has this many or fewer; null when no count suffices.</param>
/// <param name="Size">How often it is significant between equal arms, at most the level.</param>
/// <param name="Power">How often it is at the share of wins asked for, 0 to 1.</param>
public sealed record SignTestPowerResult(long? CriticalLow, double Size, double Power);
