namespace Cfx.Build.Composition;

/// <summary>One thing that was looked at.</summary>
/// <param name="Kind">How it stands.</param>
/// <param name="Text">What it is, and for a problem the remedy.</param>
internal sealed record Finding(FindingKind Kind, string Text);
