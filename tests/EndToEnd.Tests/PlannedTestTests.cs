namespace EndToEnd.Tests;

/// <summary>To look at p-values and then make the test larger is told.</summary>
public sealed class PlannedTestTests
{
    [Test]
    public void A_larger_test_after_p_values_were_seen_is_told_in_the_report_and_stays_told()
    {
        using var checkout = OneTime.Baseline.Clone();
        Assert.That(checkout.Json("results/study-sandbox/analysis.json")["deviations"]!.ToJsonString(), Does.Not.Contain("size of the test"));

        var larger = checkout.Build("--target=Study", "--test-size=30");
        Assert.That(larger.ExitCode, Is.Zero, larger.ToString());
        var told = (string)checkout.Json("results/study-sandbox/analysis.json")["deviations"]![0]!;
        Assert.That(told, Does.Contain("with 20 test contexts").And.Contain("30 now"));
        Assert.That(File.ReadAllText(checkout["results/study-sandbox/report.md"]), Does.Contain(told));

        var again = checkout.Build("--target=Study", "--test-size=30");
        Assert.That(again.Executed, Is.Empty, again.ToString());

        var forced = checkout.Build("--target=Analyze", "--exclusive", "--force", "--test-size=30");
        Assert.That(forced.ExitCode, Is.Zero, forced.ToString());
        Assert.That((string)checkout.Json("results/study-sandbox/analysis.json")["deviations"]![0]!, Is.EqualTo(told), "the look at 20 is not forgotten, and 30 is no other size");
        var verified = checkout.Build("--target=Verify");
        Assert.That(verified.ExitCode, Is.Zero, verified.ToString());
    }

    [Test]
    public void A_test_that_is_watched_by_its_e_value_until_it_has_the_planned_number_is_as_planned()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var watched = checkout.Build("--target=Study", "--test-size=20", "--planned=30");
        Assert.That(watched.ExitCode, Is.Zero, watched.ToString());
        Assert.That(watched.Output, Does.Match("Evaluate-Base-Vs-Feedback +.*; 20 of 30 planned pairs, ln E = "));

        var whole = checkout.Build("--target=Study", "--test-size=30", "--planned=30");
        Assert.That(whole.ExitCode, Is.Zero, whole.ToString());
        Assert.That(whole.Output, Does.Not.Contain("ln E"));
        Assert.That(checkout.Json("results/study-sandbox/analysis.json")["deviations"]!.ToJsonString(), Does.Not.Contain("size of the test"));
    }
}
