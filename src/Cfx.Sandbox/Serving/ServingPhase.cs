namespace Cfx.Sandbox.Serving;

/// <summary>How far a served model is.</summary>
internal enum ServingPhase
{
    Stopped,
    Pending,
    Starting,
    Ready,
    Stopping,
}
