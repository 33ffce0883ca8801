namespace Cfx.Build.Options;

/// <summary>An option with the value it has in this run.</summary>
/// <param name="Definition">The option.</param>
/// <param name="Text">The value as text, already checked; null where nobody gave one and there is no default.</param>
/// <param name="Origin">Who gave it.</param>
/// <param name="Place">Where: "default", "study.json line 4" or the command line's own token.</param>
public sealed record OptionValue(OptionDefinition Definition, string? Text, OptionOrigin Origin, string Place);
