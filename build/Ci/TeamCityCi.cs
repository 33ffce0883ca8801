using Cake.Common.Build.TeamCity;
using Cake.Core.IO;
using Path = Cake.Core.IO.Path;

namespace Cfx.Build.Ci;

/// <summary>TeamCity. It has no summary page, so the report is published as an artifact, which a report tab can show.</summary>
public sealed class TeamCityCi(ITeamCityProvider provider) : ICiSystem
{
    public string Name => "TeamCity";

    public void BeginGroup(string title) => provider.WriteStartBlock(title);

    public void EndGroup(string title) => provider.WriteEndBlock(title);

    public void Error(string message) => provider.BuildProblem(message, string.Empty);

    public void Warning(string message) => provider.WriteStatus(message, "WARNING", null);

    public void Summarize(FilePath markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        provider.PublishArtifacts(markdown.FullPath);
    }

    public void Publish(Path path, string name)
    {
        ArgumentNullException.ThrowIfNull(path);
        provider.PublishArtifacts($"{path.FullPath} => {name}");
    }
}
