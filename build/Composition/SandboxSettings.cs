using Cfx.Build.Options;
using Cfx.Sandbox;

namespace Cfx.Build.Composition;

/// <summary>Turns the sandbox section's options into the server's.</summary>
internal static class SandboxSettings
{
    /// <param name="options">The run's options.</param>
    /// <param name="root">What a relative state folder is relative to.</param>
    public static SandboxOptions From(OptionValues options, string root) => new()
    {
        StateFolder = Path.GetFullPath(options.Text("sandbox", "state"), root),
        Port = (int)options.WholeNumber("sandbox", "port"),
        Latency = TimeSpan.FromMilliseconds(options.Number("sandbox", "latency")),
        FaultRate = options.Number("sandbox", "fault-rate"),
        RequestsPerSecond = options.Number("sandbox", "rate-limit") is > 0 and var rate ? rate : null,
        Seed = (int)options.WholeNumber("study", "seed"),
    };
}
