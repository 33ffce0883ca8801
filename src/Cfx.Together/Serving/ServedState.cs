namespace Cfx.Together.Serving;

/// <summary>How a model that was asked stands at its provider.</summary>
public enum ServedState
{
    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It is on its way up, or this run is stopping it.</summary>
    NotReady,

    /// <summary>It stopped by itself, such as for being idle; also when another call found that out, and it may be up again by now.</summary>
    Stopped,
}
