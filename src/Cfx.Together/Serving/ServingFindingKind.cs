namespace Cfx.Together.Serving;

/// <summary>How something stands.</summary>
public enum ServingFindingKind
{
    /// <summary>In order.</summary>
    Ok,

    /// <summary>Cannot be known before training.</summary>
    Caution,

    /// <summary>What it would cost is not known, and the user did not allow that.</summary>
    Unpriced,

    /// <summary>Training would be in vain.</summary>
    Problem,
}
