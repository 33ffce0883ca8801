using Cake.Common.Build;
using Cake.Common.Build.AzurePipelines;
using Cake.Common.Build.GitHubActions;
using Cake.Common.Build.GitLabCI;
using Cake.Common.Build.TeamCity;
using Cake.Core;
using Cake.Core.IO;

namespace Cfx.Build.Ci;

/// <summary>Tells the build servers apart as Cake.Common does.</summary>
public static class CiSystems
{
    /// <param name="environment">Where the servers' variables are looked up.</param>
    /// <param name="files">Where summaries are read and written.</param>
    /// <param name="writer">Takes the commands that servers read from the output.</param>
    /// <param name="clock">Dates GitLab's sections.</param>
    public static ICiSystem Detect(ICakeEnvironment environment, IFileSystem files, IBuildSystemServiceMessageWriter writer, TimeProvider clock)
    {
        var github = new GitHubActionsProvider(environment, files, writer);
        if (github.IsRunningOnGitHubActions)
        {
            return new GitHubCi(github, files);
        }

        var azure = new AzurePipelinesProvider(environment, writer);
        if (azure.IsRunningOnAzurePipelines)
        {
            return new AzureCi(azure);
        }

        if (new GitLabCIProvider(environment, files).IsRunningOnGitLabCI)
        {
            return new GitLabCi(writer, clock);
        }

        var teamCity = new TeamCityProvider(environment, files, writer);
        return teamCity.IsRunningOnTeamCity ? new TeamCityCi(teamCity) : new PlainCi();
    }
}
