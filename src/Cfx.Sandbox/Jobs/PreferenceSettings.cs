namespace Cfx.Sandbox.Jobs;

/// <summary>How a job learns from preferences.</summary>
/// <param name="Beta">How dear it is to leave the reference, above 0.</param>
/// <param name="IsReferenceFree">Whether there is no reference.</param>
/// <param name="Ignored">Settings that were asked for and change nothing here; null for none.</param>
internal sealed record PreferenceSettings(double Beta, bool IsReferenceFree, string? Ignored);
