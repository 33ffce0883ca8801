using System.Diagnostics;

namespace Build.Tests.Host;

/// <summary>The demonstration host as a process, for what only a process can show.</summary>
public sealed class ProcessTests
{
    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_request_to_end_tears_down_and_exits_with_130()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ProcessTests).Assembly.Location, "--target=Wait"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync();
        }
        while (line is not (null or "waiting"));

        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        var rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(rest, Does.Contain("torn down"));
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }
}
