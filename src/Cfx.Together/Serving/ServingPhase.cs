namespace Cfx.Together.Serving;

/// <summary>How something stands at the provider, best first.</summary>
public enum ServingPhase
{
    /// <summary>It answers.</summary>
    Ready,

    /// <summary>On its way up, or in a state that this program does not know.</summary>
    Starting,

    /// <summary>Stopped or stopping; costs nothing.</summary>
    Stopped,

    /// <summary>It will never answer.</summary>
    Failed,
}
