namespace EndToEnd.Tests;

[SetUpFixture]
public class OneTime
{
    [OneTimeSetUp]
    public void A_shell_is_there_and_the_host_is_built()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("These tests run build.sh, which needs bash.");
        }

        // Tests may be started without build.sh; the copies they make need the host.
        using var start = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", [Path.Combine(Checkout.Project, "build.sh"), "--version"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        var run = Checkout.RunProcess(start);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
    }
}
