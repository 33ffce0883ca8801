namespace Cfx.Core.Artifacts;

/// <summary>How a change of an input is explained.</summary>
public enum InputKind
{
    /// <summary>By its hash alone.</summary>
    File,

    /// <summary>A text small enough to keep in the manifest, such as a prompt: by the first line that differs.</summary>
    Text,

    /// <summary>A JSON array or JSONL of records: by record and field.</summary>
    Records,
}
