namespace Cfx.Together.Serving;

/// <summary>How something stands.</summary>
public enum ServingFindingKind
{
    /// <summary>In order.</summary>
    Ok,

    /// <summary>Cannot be known before training.</summary>
    Caution,

    /// <summary>Training would be in vain.</summary>
    Problem,
}
