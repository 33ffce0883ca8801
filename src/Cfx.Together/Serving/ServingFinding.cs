namespace Cfx.Together.Serving;

/// <summary>What was found about one base model before training.</summary>
/// <param name="Kind">How it stands.</param>
/// <param name="Text">What it is, and for what stands in the way the remedy.</param>
public sealed record ServingFinding(ServingFindingKind Kind, string Text);
