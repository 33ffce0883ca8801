namespace Cfx.Core.Reporting.Diff;

/// <summary>A setting or an input that two studies do not share.</summary>
/// <param name="Artifact">What it belongs to: an artifact by its path without the study's name (results relative to the results folder, such as
/// "evaluations/feedback_vs_base.json"; others such as "models/feedback_job.json"), a prompt's path, or "split".</param>
/// <param name="Name">The parameter, "provider" or "recipe"; "sha256" of a prompt or the split; "fingerprint" where an artifact has the same settings and was
/// made from something else; "stage" where one study has no such artifact.</param>
/// <param name="Before">The baseline's value; null for none.</param>
/// <param name="After">The other study's; null for none.</param>
public sealed record ParameterDifference(string Artifact, string Name, string? Before, string? After);
