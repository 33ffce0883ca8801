using Cake.Common.Build.GitHubActions;
using Cake.Core.IO;
using Path = Cake.Core.IO.Path;

namespace Cfx.Build.Ci;

/// <summary>GitHub Actions. Artifacts are uploaded by the workflow, so <see cref="Publish"/> prints nothing.</summary>
public sealed class GitHubCi(IGitHubActionsProvider provider, IFileSystem files) : ICiSystem
{
    public string Name => "GitHub Actions";

    public void BeginGroup(string title) => provider.Commands.StartGroup(title);

    public void EndGroup(string title) => provider.Commands.EndGroup();

    public void Error(string message) => provider.Commands.Error(message, null);

    public void Warning(string message) => provider.Commands.Warning(message, null);

    public void Summarize(FilePath markdown)
    {
        // Absent when a workflow is rehearsed by a tool that has no summaries.
        if (provider.Environment.Runtime.StepSummary is null)
        {
            return;
        }

        using var reader = new StreamReader(files.GetFile(markdown).Open(FileMode.Open, FileAccess.Read, FileShare.Read));
        if (reader.ReadToEnd() is { Length: > 0 } text)
        {
            provider.Commands.SetStepSummary(text);
        }
    }

    public void Publish(Path path, string name)
    {
    }
}
