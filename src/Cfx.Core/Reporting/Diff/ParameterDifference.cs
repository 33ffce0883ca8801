namespace Cfx.Core.Reporting.Diff;

/// <summary>A setting that two studies do not share.</summary>
/// <param name="Artifact">The artifact whose manifest tells, relative to the results folder.</param>
/// <param name="Name">The parameter, or provider.</param>
/// <param name="Before">The baseline's value; null for none.</param>
/// <param name="After">The other study's; null for none.</param>
public sealed record ParameterDifference(string Artifact, string Name, string? Before, string? After);
