using Cake.Core.IO;

namespace Cfx.Build.Ci;

/// <summary>What a build server understands beside plain lines. Where it lacks something, nothing is printed.</summary>
public interface ICiSystem
{
    /// <summary>The server's name; "none" at a desk.</summary>
    string Name { get; }

    /// <summary>What is printed until <see cref="EndGroup"/> can be folded under a title.</summary>
    void BeginGroup(string title);

    void EndGroup(string title);

    /// <summary>Marks the run with an error, of one or several lines.</summary>
    void Error(string message);

    /// <summary>Marks the run with a warning, of one or several lines.</summary>
    void Warning(string message);

    /// <summary>Makes a Markdown file the run's summary.</summary>
    /// <param name="markdown">An existing file.</param>
    void Summarize(FilePath markdown);

    /// <summary>Hands a file or folder over to be kept.</summary>
    /// <param name="path">Absolute, existing.</param>
    /// <param name="name">What the server calls it.</param>
    void Publish(Cake.Core.IO.Path path, string name);
}
