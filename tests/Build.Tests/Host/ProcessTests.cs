using System.Diagnostics;
using Cfx.Build.Host;

namespace Build.Tests.Host;

/// <summary>The demonstration host as a process, for what only a process can show.</summary>
public sealed class ProcessTests
{
    [TestCase("TERM", TestName = "A_request_to_end_tears_down_and_exits_with_130")]
    [TestCase("HUP", TestName = "Closing_the_terminal_tears_down_and_exits_with_130")]
    [Platform(Exclude = "Win")]
    public Task One_signal_tears_down(string signal)
    {
        if (signal == "HUP" && HangUp.IsIgnored())
        {
            Assert.Ignore("These tests run under nohup or the like, so that what they start ignores SIGHUP too.");
        }

        return AssertTornDownAsync("exec \"$@\"", signal);
    }

    // The second of two signals that are heard leaves at once, without tearing down.
    [Test]
    [Platform("Linux")]
    public Task Under_nohup_closing_the_terminal_ends_nothing() => AssertTornDownAsync("trap '' HUP; exec \"$@\"", "HUP", "TERM");

    [TestCase("Name:\tdotnet\nSigIgn:\t0000000000001001\nSigCgt:\t0\n", true)]
    [TestCase("Name:\tdotnet\nSigIgn:\t0000000000001000\nSigCgt:\t1\n", false)]
    [TestCase("", false)]
    public void Whether_a_closed_terminal_is_ignored_is_read_from_what_the_system_tells(string status, bool ignored) =>
        Assert.That(HangUp.IsIgnored(status), Is.EqualTo(ignored));

    private static async Task AssertTornDownAsync(string script, params string[] signals)
    {
        var start = new ProcessStartInfo("bash", ["-c", script, "bash", "dotnet", typeof(ProcessTests).Assembly.Location, "--target=Wait"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync();
        }
        while (line is not (null or "waiting"));

        foreach (var signal in signals)
        {
            using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        var rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(rest, Does.Contain("torn down"));
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }
}
