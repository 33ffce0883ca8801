using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>What each build server is told. A study with nothing to do prints a line a target, so the whole output is known.</summary>
public sealed partial class CiTests
{
    private const string Notice =
        "The sandbox stands in for Together, with models and sizes of its own (sandbox/large, sandbox/small, sandbox/judge); "
        + "its numbers show that the pipeline works, not which method wins\n";

    private static readonly string[] Headed = Targets.All[..^1];

    private Checkout _checkout = null!;

    [OneTimeSetUp]
    public void A_finished_study() => _checkout = OneTime.Baseline.Clone();

    [OneTimeTearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [Test]
    public void GitHub_gets_groups_and_the_report_as_the_jobs_summary()
    {
        var summary = _checkout["summary.md"];

        var run = Study(new() { ["GITHUB_ACTIONS"] = "true", ["GITHUB_STEP_SUMMARY"] = summary });

        Assert.That(run.Output, Does.StartWith(Notice + string.Concat(Headed.Select(t => $"::group::{t}\n{t}\n::endgroup::\n")) + "\nTarget "));
        Assert.That(File.ReadAllText(summary).TrimEnd(), Is.EqualTo(File.ReadAllText(_checkout["results/study-sandbox/report.md"]).TrimEnd()));
        Assert.That(run.Output.ToCharArray(), Has.None.EqualTo('\u001b'));
    }

    [Test]
    public void Azure_gets_groups_the_summary_and_the_results()
    {
        var run = Study(new() { ["TF_BUILD"] = "True" });

        var results = _checkout["results/study-sandbox"];
        Assert.That(run.Output, Does.StartWith(
            Notice + string.Concat(Headed.Select(t => $"##[group]{t}\n{t}\n##[endgroup]\n"))
            + $"##vso[task.uploadsummary]{results}/report.md\n"
            + $"##vso[artifact.upload containerfolder=study-sandbox;artifactname=study-sandbox;]{results}\n\nTarget "));
        Assert.That(run.Output.ToCharArray(), Has.None.EqualTo('\u001b'));
    }

    [Test]
    public void GitLab_gets_sections_that_fold()
    {
        var run = Study(new() { ["CI_SERVER"] = "yes", ["GITLAB_CI"] = "true" });

        Assert.That(Seconds().Replace(run.Output, ":0:"), Does.StartWith(Notice + string.Concat(Headed.Select(t =>
            $"\u001b[0Ksection_start:0:{t.ToLowerInvariant()}\r\u001b[0K{t}\n{t}\n\u001b[0Ksection_end:0:{t.ToLowerInvariant()}\r\u001b[0K\n")) + "\nTarget "));
    }

    [Test]
    public void TeamCity_gets_blocks_and_artifacts()
    {
        var run = Study(new() { ["TEAMCITY_VERSION"] = "2024.1" });

        var results = _checkout["results/study-sandbox"];
        Assert.That(run.Output, Does.StartWith(
            Notice + string.Concat(Headed.Select(t => $"##teamcity[blockOpened name='{t}']\n{t}\n##teamcity[blockClosed name='{t}']\n"))
            + $"##teamcity[publishArtifacts '{results}/report.md']\n##teamcity[publishArtifacts '{results} => study-sandbox']\n\nTarget "));
        Assert.That(run.Output.ToCharArray(), Has.None.EqualTo('\u001b'));
    }

    [Test]
    public void Elsewhere_lines_are_plain()
    {
        var run = Study([]);

        Assert.That(run.Output, Does.StartWith(Notice + string.Concat(Headed.Select(t => t + "\n")) + "\nTarget "));
        Assert.That((run.Output + run.Error).ToCharArray(), Has.None.EqualTo('\u001b'));
    }

    [TestCase("GITHUB_ACTIONS", "true", "::error::There is no target 'Stduy'")]
    [TestCase("TF_BUILD", "True", "##vso[task.logissue type=error;]There is no target 'Stduy'")]
    [TestCase("TEAMCITY_VERSION", "2024.1", "##teamcity[buildProblem description='There is no target |'Stduy|'")]
    public void A_mistake_is_marked_where_the_server_shows_errors(string variable, string value, string expected)
    {
        var run = _checkout.BuildWith(new() { [variable] = value }, "--target=Stduy");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Output.Split('\n').Where(l => l.StartsWith(expected, StringComparison.Ordinal)), Has.Exactly(1).Items, run.ToString());
    }

    [Test]
    public void A_failed_stage_is_marked_too()
    {
        File.WriteAllText(_checkout["broken.json"], "[{");

        var run = _checkout.BuildWith(new() { ["GITHUB_ACTIONS"] = "true" }, "--target=Process", "-i", "broken.json");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Output.Split('\n').Where(l => l.StartsWith("::error::", StringComparison.Ordinal) && l.Contains("broken.json, line 1", StringComparison.Ordinal)), Has.Exactly(1).Items, run.ToString());
    }

    private Run Study(Dictionary<string, string> environment)
    {
        var run = _checkout.BuildWith(environment, "--target=Study");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        return run;
    }

    [GeneratedRegex(@":\d+:")]
    private static partial Regex Seconds();
}
