namespace Cfx.Core.Artifacts;

/// <summary>All that decides what a stage makes. Equal recipes over equal input contents make equal outputs, but for times.</summary>
/// <param name="Stage">The target's name.</param>
/// <param name="Version">Raised by hand when the stage's code makes something else from the same inputs and parameters.</param>
/// <param name="Provider">The provider's name and, for another than the default server, its address; empty for a stage that asks no provider.</param>
/// <param name="Paid">Whether making it costs money; then a new <paramref name="Version"/> alone never makes it run.</param>
/// <param name="Parameters">The identity parameters by name, values as text. Runtime parameters (delay, concurrency) do not belong here.</param>
/// <param name="Inputs">The files it reads; contents count, times do not.</param>
/// <param name="Outputs">The files it makes; the manifest stands beside the first.</param>
public sealed record StageRecipe(
    string Stage,
    int Version,
    string Provider,
    bool Paid,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<StageInput> Inputs,
    IReadOnlyList<string> Outputs)
{
    /// <summary>Whether what is made comes from the sandbox's models, if only through the inputs. Not part of the fingerprint.</summary>
    public bool Sandbox { get; init; }

    /// <summary>The study's split.json, whose hash the manifest is to tell; null outside a study and before the split. Not part of the fingerprint.</summary>
    public string? SplitPath { get; init; }

    /// <summary>Files that it reads where they are there, and that are not there now. Not part of the fingerprint.</summary>
    public IReadOnlyList<StageInput> Absent { get; init; } = [];
}
