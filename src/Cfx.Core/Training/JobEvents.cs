namespace Cfx.Core.Training;

/// <summary>What a job's events said, in short.</summary>
/// <param name="Seen">Events logged so far; a later run goes on after them.</param>
/// <param name="Types">How often each type came.</param>
/// <param name="Errors">The texts of the events of level error, in order.</param>
public sealed record JobEvents(int Seen, IReadOnlyDictionary<string, int> Types, IReadOnlyList<string> Errors);
