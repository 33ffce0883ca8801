using Cfx.Build.Options;
using Cfx.Sandbox;

namespace Cfx.Build.Composition;

/// <summary>Turns the sandbox section's options into the server's.</summary>
internal static class SandboxSettings
{
    /// <param name="options">The run's options.</param>
    /// <param name="root">What a relative state folder is relative to.</param>
    /// <exception cref="Core.MisuseException">A fault rule or kind is not one; the message says what is.</exception>
    public static SandboxOptions From(OptionValues options, string root)
    {
        var kinds = options.List("sandbox", "fault-kinds");
        var usual = new SandboxOptions { StateFolder = Path.GetFullPath(options.Text("sandbox", "state"), root) };
        return usual with
        {
            Port = (int)options.WholeNumber("sandbox", "port"),
            Latency = TimeSpan.FromMilliseconds(options.Number("sandbox", "latency")),
            FaultRate = options.Number("sandbox", "fault-rate"),
            FaultKinds = kinds.Count == 0 ? usual.FaultKinds : [.. kinds.Select(FaultRule.KindOf)],
            FaultScript = options.TextOrNull("sandbox", "fault") is { } script ? FaultRule.ParseAll(script) : [],
            RequestsPerSecond = options.Number("sandbox", "rate-limit") is > 0 and var rate ? rate : null,
            Seed = (int)options.WholeNumber("study", "seed"),
            IsRehearsal = options.Flag("sandbox", "rehearsal"),
            Serving = options.Text("sandbox", "serving") switch { "v1" => ServingWay.V1, "v2" => ServingWay.V2, _ => ServingWay.Name },
            ServerlessModels = options.List("sandbox", "serverless"),
            ServingStartTime = TimeSpan.FromSeconds(options.Number("sandbox", "serving-start")),
            MinimumJobDuration = TimeSpan.FromSeconds(options.Number("sandbox", "job-time")),
            MinimumBatchDuration = TimeSpan.FromSeconds(options.Number("sandbox", "batch-time")),
        };
    }
}
