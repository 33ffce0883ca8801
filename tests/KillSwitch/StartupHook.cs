using Cfx.KillSwitch;

/// <summary>Found by the runtime under this name, before Main.</summary>
internal static class StartupHook
{
    /// <summary>Called by the runtime.</summary>
    public static void Initialize()
    {
        if (KillPlan.FromEnvironment() is { } plan)
        {
            // The runtime keeps a listener alive until it is disposed of.
            _ = new DurableWriteListener(plan);
        }
    }
}
