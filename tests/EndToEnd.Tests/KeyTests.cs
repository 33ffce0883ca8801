using System.Text;

namespace EndToEnd.Tests;

/// <summary>A key in the environment neither buys anything nor gets anywhere.</summary>
public sealed class KeyTests
{
    private const string Key = "tgp_v1_MARKED-0123456789-abcdefghij";

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal) { ["TOGETHER_API_KEY"] = Key };

    [Test]
    public void With_a_key_a_study_is_refused_because_paid_runs_are_not_possible_yet()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();
        var before = checkout.Snapshot();

        var run = checkout.BuildWith(Environment, "--target=Study");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.ToString());
        Assert.That(run.Error, Does.Contain("not possible with this version").And.Contain("--provider=sandbox"));
        Assert.That(run.Executed, Is.Empty);
        Assert.That(checkout.Snapshot(), Is.EqualTo(before));
        AssertNowhere(checkout, run);
    }

    [Test]
    public void Asking_for_Together_without_a_key_is_refused_too()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study", "--provider=together");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.ToString());
    }

    [Test]
    public void On_the_sandbox_the_key_is_written_nowhere()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.BuildWith(Environment, "--target=Study", "--provider=sandbox", "--verbosity=diagnostic");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        AssertNowhere(checkout, run);
        Assert.That(Analysis.Of(checkout), Is.EqualTo(Analysis.Of(OneTime.Baseline)));
    }

    private static void AssertNowhere(Checkout checkout, Run run)
    {
        Assert.That(run.Output + run.Error, Does.Not.Contain(Key));
        var bytes = Encoding.UTF8.GetBytes(Key);
        foreach (var file in Directory.EnumerateFiles(checkout.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            Assert.That(File.ReadAllBytes(file).AsSpan().IndexOf(bytes), Is.EqualTo(-1), file);
        }
    }
}
