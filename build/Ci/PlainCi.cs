using Cake.Core.IO;
using Path = Cake.Core.IO.Path;

namespace Cfx.Build.Ci;

/// <summary>No build server: the ordinary lines say everything.</summary>
public sealed class PlainCi : ICiSystem
{
    public string Name => "none";

    public void BeginGroup(string title)
    {
    }

    public void EndGroup(string title)
    {
    }

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
}
