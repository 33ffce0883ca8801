namespace Cfx.Core.Artifacts;

/// <summary>Whether a stage has to run, and why.</summary>
/// <param name="UpToDate">True when its outputs stand and nothing that they depend on has changed.</param>
/// <param name="Reasons">What changed, old → new, in the order of importance; or, when up to date, why it is. Never empty.</param>
/// <param name="Fingerprint">The recipe's fingerprint over the inputs as they are; null while an input does not exist yet.</param>
/// <param name="InputHashes">SHA-256 of each input by path as given in the recipe, taken before the run.</param>
public sealed record StageInspection(
    bool UpToDate,
    IReadOnlyList<string> Reasons,
    string? Fingerprint,
    IReadOnlyDictionary<string, ContentHash> InputHashes);
