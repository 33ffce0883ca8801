using System.Globalization;
using Cake.Common.Build;
using Cake.Core.IO;
using Path = Cake.Core.IO.Path;

namespace Cfx.Build.Ci;

/// <summary>GitLab CI. It folds sections; annotations and summaries it takes only from files that the pipeline declares, as it does artifacts.</summary>
public sealed class GitLabCi(IBuildSystemServiceMessageWriter writer, TimeProvider clock) : ICiSystem
{
    private const string ClearLine = "\u001b[0K";

    public string Name => "GitLab CI";

    public void BeginGroup(string title) =>
        writer.Write("{0}section_start:{1}:{2}\r{0}{3}", ClearLine, Seconds(), Id(title), title);

    public void EndGroup(string title) =>
        writer.Write("{0}section_end:{1}:{2}\r{0}", ClearLine, Seconds(), Id(title));

    public void Error(string message)
    {
    }

    public void Warning(string message)
    {
    }

    public void Summarize(FilePath markdown)
    {
    }

    public void Publish(Path path, string name)
    {
    }

    // A section's name may have letters, digits, dots, dashes and underscores.
    private static string Id(string title) =>
        string.Concat(title.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? char.ToLowerInvariant(c) : '_'));

    private string Seconds() => clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
