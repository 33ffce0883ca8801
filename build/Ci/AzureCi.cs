using Cake.Common.Build.AzurePipelines;
using Cake.Core.IO;
using Path = Cake.Core.IO.Path;

namespace Cfx.Build.Ci;

/// <summary>Azure Pipelines.</summary>
public sealed class AzureCi(IAzurePipelinesProvider provider) : ICiSystem
{
    public string Name => "Azure Pipelines";

    public void BeginGroup(string title) => provider.Commands.BeginGroup(Escape(title));

    public void EndGroup(string title) => provider.Commands.EndGroup();

    public void Error(string message) => provider.Commands.WriteError(Escape(message));

    public void Warning(string message) => provider.Commands.WriteWarning(Escape(message));

    public void Summarize(FilePath markdown) => provider.Commands.UploadTaskSummary(markdown);

    public void Publish(Path path, string name)
    {
        if (path is DirectoryPath folder)
        {
            provider.Commands.UploadArtifactDirectory(folder, name);
        }
        else
        {
            provider.Commands.UploadArtifact(name, (FilePath)path, name);
        }
    }

    // Cake hands the text on as it is; a line break would end the command.
    private static string Escape(string text) =>
        text.Replace("%", "%AZP25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
}
