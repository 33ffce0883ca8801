namespace Cfx.Build.Composition;

/// <summary>How something stands.</summary>
internal enum FindingKind
{
    /// <summary>In order.</summary>
    Ok,

    /// <summary>Works, but is known to weaken a study.</summary>
    Caution,

    /// <summary>A study would stop here.</summary>
    Problem,
}
