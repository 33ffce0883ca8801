using System.Globalization;

namespace EndToEnd.Tests.Crash;

/// <summary>When a run of the study is ended with SIGKILL: at a durable write, or at a request.</summary>
/// <param name="Stage">The stage that is under way then.</param>
/// <param name="At">What the switch in the program is told; empty for no switch.</param>
/// <param name="Rules">What the proxy is told.</param>
/// <param name="Text">The instant in words.</param>
internal sealed record KillInstant(string Stage, string At, IReadOnlyList<ProxyRule> Rules, string Text)
{
    public static KillInstant Before(string stage, string file, int number = 1) => AtWrite(stage, "Before", file, number);

    public static KillInstant After(string stage, string file, int number = 1) => AtWrite(stage, "After", file, number);

    /// <summary>The job of one arm is about to be created, and is not.</summary>
    public static KillInstant BeforeJob(string stage, string arm) => AtJob(stage, arm, ProxyAction.KillBeforeForwarding, "before");

    /// <summary>The job of one arm was created, and nobody here knows.</summary>
    public static KillInstant AfterJob(string stage, string arm) => AtJob(stage, arm, ProxyAction.KillBeforeReply, "after");

    /// <summary>A request of the study, whose stage is not told.</summary>
    public static KillInstant AtRequest(ProxyRule rule) => new("Study", string.Empty, [rule], rule.ToString());

    public override string ToString() => $"{Stage}: {Text}";

    private static KillInstant AtWrite(string stage, string side, string file, int number) => new(
        stage,
        string.Create(CultureInfo.InvariantCulture, $"{side}:{number}:{file}"),
        [],
        string.Create(CultureInfo.InvariantCulture, $"{side.ToLowerInvariant()} write {number} of {file}"));

    private static KillInstant AtJob(string stage, string arm, ProxyAction action, string side) => new(
        stage, string.Empty, [new ProxyRule("POST", "/fine-tunes", action, Body: $"\"suffix\":\"{arm}-")], $"{side} POST /fine-tunes of {arm}");
}
