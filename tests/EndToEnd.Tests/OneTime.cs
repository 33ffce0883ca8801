namespace EndToEnd.Tests;

[SetUpFixture]
public class OneTime
{
    /// <summary>What study.json says in <see cref="Baseline"/>: a study small enough to be made often.</summary>
    public const string SmallStudy = """
        {
          "process": { "max-conversations": 60 },
          "evaluate": { "test-size": 20 }
        }

        """;

    /// <summary>A checkout with a finished small study. Tests take copies and leave this one alone.</summary>
    internal static Checkout Baseline { get; private set; } = null!;

    /// <summary>What the run that made <see cref="Baseline"/> said.</summary>
    internal static Run BaselineRun { get; private set; } = null!;

    [OneTimeSetUp]
    public void A_shell_is_there_and_the_host_is_built_and_has_made_a_small_study()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("These tests run build.sh, which needs bash.");
        }

        // Tests may be started without build.sh; the copies they make need the host.
        var run = Checkout.RunProcess(Checkout.StartScript(Path.Combine(Checkout.Project, "build.sh"), Checkout.Project, [], "--version"));
        Assert.That(run.ExitCode, Is.Zero, run.ToString());

        Baseline = Checkout.OfProject();
        File.WriteAllText(Baseline["study.json"], SmallStudy);
        BaselineRun = Baseline.Build("--target=Study");
        Assert.That(BaselineRun.ExitCode, Is.Zero, BaselineRun.ToString());
    }

    [OneTimeTearDown]
    public void The_small_study_is_removed() => Baseline?.Dispose();
}
