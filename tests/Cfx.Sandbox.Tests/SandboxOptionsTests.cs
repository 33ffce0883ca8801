using Cfx.Core;

namespace Cfx.Sandbox.Tests;

internal sealed class SandboxOptionsTests
{
    private static readonly SandboxOptions Good = new() { StateFolder = "state" };

    [Test]
    public void The_defaults_are_valid() => Assert.That(Good.Validate, Throws.Nothing);

    [Test]
    public void Every_bad_value_is_named_at_once()
    {
        var bad = new SandboxOptions
        {
            StateFolder = " ",
            Port = 70_000,
            Latency = TimeSpan.FromSeconds(-1),
            LatencyJitter = TimeSpan.FromDays(2),
            RequestsPerSecond = 0,
            RateLimitBurst = 0,
            FaultRate = 1.5,
            FaultKinds = [],
            FaultScript = [new FaultRule("GET", "models", 1, 1, FaultKind.DropAfter), new FaultRule("GET", "/models", 0, 1, FaultKind.DropAfter)],
            StepsPerPoll = 0,
            MinimumJobDuration = TimeSpan.FromSeconds(-1),
            FileProcessingPolls = -1,
            MaxFileBytes = 0,
            Judge = new SandboxJudgeOptions { PositionBias = double.NaN, Noise = -1, TieMargin = -1 },
        };

        var message = Assert.Throws<MisuseException>(bad.Validate)!.Message;

        foreach (var name in new[]
        {
            "StateFolder", "Port", "Latency ", "LatencyJitter", "RequestsPerSecond", "RateLimitBurst", "FaultRate", "FaultKinds", "must start with '/'",
            "must start at 1", "StepsPerPoll", "MinimumJobDuration", "FileProcessingPolls", "MaxFileBytes", "PositionBias", "Noise", "TieMargin",
        })
        {
            Assert.That(message, Does.Contain(name));
        }
    }

    [Test]
    public void A_rate_that_is_no_number_is_refused() =>
        Assert.That((Good with { FaultRate = double.NaN }).Validate, Throws.InstanceOf<MisuseException>());
}
