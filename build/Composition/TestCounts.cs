namespace Cfx.Build.Composition;

/// <summary>How tests came out.</summary>
internal sealed record TestCounts(int Passed, int Failed, int Skipped);
