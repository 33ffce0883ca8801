namespace Cfx.Core.Statistics;

/// <summary>An exact test's outcome.</summary>
/// <param name="PValue">0 to 1; 0 only where the true value is too small for a double.</param>
/// <param name="Log10P">The p-value's decimal logarithm, at most 0; finite however small the p-value.</param>
public sealed record ExactTestResult(double PValue, double Log10P);
