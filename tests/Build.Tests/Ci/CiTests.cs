namespace Build.Tests.Ci;

/// <summary>A run with each build server's variables set, against what that server should read.</summary>
public sealed class CiTests
{
    [TestCase("GITHUB_ACTIONS=true", "::group::FineTune", "::endgroup::", "::error::There is no target 'Sudy'")]
    [TestCase("TF_BUILD=True;SYSTEM_TEAMFOUNDATIONCOLLECTIONURI=https://dev.azure.com/x/;AGENT_NAME=Azure Pipelines 1",
        "##[group]FineTune", "##[endgroup]", "##vso[task.logissue type=error;]There is no target 'Sudy'")]
    [TestCase("TEAMCITY_VERSION=2024.1", "##teamcity[blockOpened name='FineTune']", "##teamcity[blockClosed name='FineTune']",
        "##teamcity[buildProblem description='There is no target |'Sudy|'")]
    [TestCase("GITLAB_CI=true;CI_SERVER=yes", "section_start:", "section_end:", "")]
    public async Task Each_server_gets_groups_and_errors_in_its_own_words(string variables, string begin, string end, string error)
    {
        using var host = new HostHarness();
        foreach (var pair in variables.Split(';').Select(v => v.Split('=', 2)))
        {
            host.Variables[pair[0]] = pair[1];
        }

        Assert.That(await host.RunAsync("--target=Study"), Is.Zero, host.Error);
        Assert.That(await host.RunAsync("--target=Sudy"), Is.EqualTo(2));
        var lines = host.Output.Split('\n');
        var opened = Array.FindIndex(lines, l => l.Contains(begin, StringComparison.Ordinal));
        var worked = Array.IndexOf(lines, "working on FineTune");
        var closed = Array.FindIndex(lines, worked, l => l.Contains(end, StringComparison.Ordinal));
        Assert.That(opened, Is.GreaterThanOrEqualTo(0).And.LessThan(worked));
        Assert.That(closed, Is.GreaterThan(worked));
        Assert.That(host.Output, Does.Contain(error));
    }

    [Test]
    public async Task At_a_desk_nothing_but_plain_lines_is_printed()
    {
        using var host = new HostHarness();

        await host.RunAsync("--target=Study");
        Assert.That(host.Output, Does.Not.Contain("##").And.Not.Contain("::").And.Not.Contain("section_"));
    }
}
