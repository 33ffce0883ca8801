namespace EndToEnd.Tests;

/// <summary>A service that fails now and then.</summary>
public sealed class FaultTests
{
    [Test]
    public void A_study_whose_every_fifth_reply_is_faulty_loses_nothing()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study", "--sandbox-fault-rate=0.2");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output + run.Error, Does.Contain("again in"), "faults were met");
        Assert.That(Analysis.Of(checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
        Assert.That(Directory.GetFiles(checkout[".cfx/sandbox/jobs"]), Has.Length.EqualTo(2));
        var again = checkout.Build("--target=Study");
        Assert.That(again.Executed, Is.Empty, again.ToString());
    }
}
