using System.Globalization;

namespace EndToEnd.Tests.Crash;

/// <summary>Writes that the system refuses: a limit on the size of files stands for a disk that is full.</summary>
public sealed class FullDiskTests
{
    [Test]
    public async Task A_store_that_cannot_grow_stops_the_run_and_nothing_answered_is_asked_again()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();
        using var sandbox = new SandboxProcess(checkout);
        await using var proxy = await FaultProxy.StartAsync(sandbox.Server);
        string[] study = ["--target=Study", "--provider=sandbox", $"--base-url={proxy.BaseUrl}"];

        var full = Checkout.RunProcess(proxy.Begin(() => StartLimited(checkout, kilobytes: 400, study)));
        await proxy.IdleAsync();

        Assert.That(full.ExitCode, Is.EqualTo(1), full.ToString());
        Assert.That(full.ErrorLines, Has.Length.EqualTo(1), full.ToString());
        Assert.That(full.Error, Does.Contain("response store").And.Contain("run again"));
        Assert.That(full.Output + full.Error, Does.Not.Contain("   at "));
        var answered = sandbox.Delivered("/chat/completions").Count;
        Assert.That(answered, Is.GreaterThan(0));

        var again = Checkout.RunProcess(proxy.Begin(() => checkout.Start([], study)));

        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(Analysis.Of(checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
        var delivered = sandbox.Delivered("/chat/completions");
        Assert.That(delivered, Is.Unique, "nothing that was answered before the disk was full was asked again");
        Assert.That(StoreFile.Answers(checkout), Is.EqualTo(delivered.Count));
        Assert.That(sandbox.Jobs, Has.Count.EqualTo(2));
        TestContext.Out.WriteLine($"{answered} answers when the disk was full, {delivered.Count} in the end");
    }

    [Test]
    public void A_file_that_cannot_be_written_is_named_and_the_one_that_stood_there_stays()
    {
        using var checkout = OneTime.Baseline.Clone();
        var before = checkout.Snapshot();

        var run = Checkout.RunProcess(StartLimited(checkout, kilobytes: 30, "--target=Filter", "--force"));

        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.ToString());
        Assert.That(run.Error, Does.Contain("Cannot write").And.Contain("filtered").And.Contain("Make room"));
        Assert.That(checkout.Snapshot(), Is.EqualTo(before), "no file has changed and no half of one is left");
    }

    // Without the trap the signal would end the process; the runtime's own mappings of executable memory count as files.
    private static System.Diagnostics.Process StartLimited(Checkout checkout, int kilobytes, params string[] arguments)
    {
        var script = checkout["limited.sh"];
        File.WriteAllText(script, string.Create(
            CultureInfo.InvariantCulture, $"trap '' XFSZ\nulimit -f {kilobytes}\nexport DOTNET_EnableWriteXorExecute=0\nexec bash '{checkout["build.sh"]}' \"$@\"\n"));
        return Checkout.StartScript(script, checkout.Root, [], arguments);
    }
}
